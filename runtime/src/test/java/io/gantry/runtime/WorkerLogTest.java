package io.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.TimeZone;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WorkerLogTest {

  private static final Pattern LINE =
      Pattern.compile(
          "([IWE])(\\d{4} \\d\\d:\\d\\d:\\d\\d\\.\\d{6}) ([ \\d]{7,}) gantry\\] (.*)\n");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final WorkerLog log =
      new WorkerLog(new PrintStream(out, true, StandardCharsets.UTF_8), 1);

  @Test
  void tellsSeverityProcessAndText() {
    log.error("it failed");

    Matcher line = line();
    assertThat(line.group(1)).isEqualTo("E");
    assertThat(line.group(3).strip()).isEqualTo(Long.toString(ProcessHandle.current().pid()));
    assertThat(line.group(4)).isEqualTo("it failed");
  }

  @Test
  void isOneLineWhateverTheText() {
    log.warning("one\r\ntwo\nthree");

    assertThat(line().group(4)).isEqualTo("one two three");
  }

  @Test
  void leavesOutWhatIsMoreVerboseThanAskedFor() {
    log.verbose(2, "detail");
    log.verbose(1, "step");

    assertThat(line().group(4)).isEqualTo("step");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTC", "Asia/Kolkata", "America/St_Johns"})
  @ResourceLock(Resources.TIME_ZONE)
  void tellsTheTimeOfTheTimeZone(String zone) {
    TimeZone before = TimeZone.getDefault();
    TimeZone.setDefault(TimeZone.getTimeZone(zone));
    try {
      log.info("now");

      LocalDateTime now = LocalDateTime.now(ZoneId.of(zone));
      LocalDateTime told =
          LocalDateTime.parse(
              now.getYear() + line().group(2),
              DateTimeFormatter.ofPattern("yyyyMMdd HH:mm:ss.SSSSSS"));
      assertThat(Duration.between(told, now)).isBetween(Duration.ZERO, Duration.ofMinutes(1));
    } finally {
      TimeZone.setDefault(before);
    }
  }

  private Matcher line() {
    Matcher line = LINE.matcher(out.toString(StandardCharsets.UTF_8));
    assertThat(line.matches()).as(out.toString(StandardCharsets.UTF_8)).isTrue();
    return line;
  }
}
