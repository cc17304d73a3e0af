package io.gantry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.gantry.runtime.Env;
import io.gantry.transfer.Progress;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class ProgressDisplayTest {

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Progress progress = new Progress();

  private Shell shell(boolean terminal) {
    return new Shell(
        Channels.newChannel(new ByteArrayInputStream(new byte[0])),
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        Env.of(Map.of()),
        terminal);
  }

  @Test
  void autoIsABarOnlyForAWatcher() {
    assertThat(ProgressMode.of("auto", shell(true))).isEqualTo(ProgressMode.BAR);
    assertThat(ProgressMode.of("auto", shell(false))).isEqualTo(ProgressMode.NONE);
    assertThat(ProgressMode.of("plain", shell(true))).isEqualTo(ProgressMode.PLAIN);
  }

  @Test
  void drawsABarUntilItIsEnded() throws InterruptedException {
    progress.enter(Progress.Phase.COPY, 100);
    progress.work(50);
    ProgressDisplay display = ProgressDisplay.start(ProgressMode.BAR, progress, shell(true));
    while (err.size() == 0) {
      Thread.sleep(10);
    }
    display.end();
    int length = err.size();
    Thread.sleep(300);
    assertThat(err.size()).isEqualTo(length);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("copy  50%").endsWith("\r\u001b[K");
  }

  @Test
  void endsAtOnceAndOnce() {
    long start = System.nanoTime();
    try (ProgressDisplay display =
        ProgressDisplay.start(ProgressMode.JSON, progress, shell(false))) {
      display.end();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(500));
    assertThat(err.toString(StandardCharsets.UTF_8).lines()).hasSize(1);
  }

  @Test
  void printsNothingForNone() {
    ProgressDisplay.start(ProgressMode.NONE, progress, shell(true)).end();
    assertThat(err.size()).isZero();
  }

  @Test
  void writesOneJsonObjectALine() throws IOException {
    progress.enter(Progress.Phase.COPY, 1000);
    progress.read(300);
    progress.data(200);
    progress.zero(50);
    progress.skipped(25);
    progress.work(275);
    ProgressDisplay.start(ProgressMode.JSON, progress, shell(false)).end();
    String text = err.toString(StandardCharsets.UTF_8);
    assertThat(text).endsWith("}\n");
    JsonObject line = Json.object(text);
    assertThat(line.get("phase").getAsString()).isEqualTo("copy");
    assertThat(line.get("percent").getAsDouble()).isEqualTo(27.5);
    assertThat(line.get("work-total").getAsLong()).isEqualTo(1000);
    assertThat(line.get("bytes-read").getAsLong()).isEqualTo(300);
    assertThat(line.get("data-bytes").getAsLong()).isEqualTo(200);
    assertThat(line.get("zero-bytes").getAsLong()).isEqualTo(50);
    assertThat(line.get("skipped-bytes").getAsLong()).isEqualTo(25);
  }

  @Test
  void writesWhatIsNotKnownAsNull() throws IOException {
    progress.enter(Progress.Phase.COPY, -1);
    ProgressDisplay.start(ProgressMode.JSON, progress, shell(false)).end();
    JsonObject line = Json.object(err.toString(StandardCharsets.UTF_8));
    assertThat(line.get("percent").isJsonNull()).isTrue();
    assertThat(line.get("work-total").isJsonNull()).isTrue();
    assertThat(line.get("seconds-left").isJsonNull()).isTrue();
  }
}
