package io.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is made to hurt is refused by the real process in little time and memory. */
final class HostileTest {

  /** Of processor time: tests do not have the machine to themselves. */
  private static final Duration REFUSAL_MAX = Duration.ofSeconds(5);

  private static final long PEAK_KIB_MAX = 256 << 10;

  /** The first path among the arguments, when strace prints a call that opens or executes. */
  private static final Pattern OPENING =
      Pattern.compile(
          "(?:open|openat|openat2|execve)\\((?:AT_FDCWD, |\\d+, )?\"((?:[^\"\\\\]|\\\\.)*)\"");

  /** What the virtual machine opens depends on timing. */
  private static final Pattern OF_THE_MACHINE =
      Pattern.compile("(?:/proc/(?!self/mem)|/sys/|/usr/lib/|/usr/share/locale/).*");

  private static Set<String> usual;

  @TempDir(factory = InMemory.class)
  private Path folder;

  static Stream<CorpusRow> hostileRows() throws Exception {
    return Corpus.coreRows().filter(row -> row.outcome() != CorpusRow.Outcomes.OK);
  }

  @ParameterizedTest
  @MethodSource("hostileRows")
  void staysSmallAndQuick(CorpusRow row) throws Exception {
    Path target = folder.resolve("disk");
    List<Object> words = new ArrayList<>(List.of("convert"));
    words.addAll(row.options());
    words.addAll(List.of(row.image(), target));

    Outcome outcome = Program.gantry(words.toArray()).run();

    outcome.expectNoStackTrace();
    assertThat(outcome.usage().peakKib()).isLessThan(PEAK_KIB_MAX);
    if (!outcome.done()) {
      outcome.expectRefused();
      assertThat(outcome.usage().processorTime()).isLessThan(REFUSAL_MAX);
      assertThat(target).doesNotExist();
    }
  }

  static Stream<CorpusRow> rowsThatNameOtherFiles() throws Exception {
    Set<String> causes = Set.of("backing-file", "data-file");
    return hostileRows()
        .filter(row -> row.outcome() == CorpusRow.Outcomes.REJECT)
        .filter(row -> row.needs().isEmpty() && causes.contains(row.cause()));
  }

  /**
   * Compared with what a harmless image makes the process open: the virtual machine itself looks
   * into {@code /etc/passwd} for the user's name.
   */
  @ParameterizedTest
  @MethodSource("rowsThatNameOtherFiles")
  void opensNoFileThatAnImageNames(CorpusRow row) throws Exception {
    Assumptions.assumeTrue(Tool.exists("strace"), "needs strace");
    Set<String> opened = opened(row.image(), false);

    opened.removeAll(usuallyOpened());
    assertThat(opened).containsExactly(row.image().toString());
  }

  private Set<String> usuallyOpened() throws Exception {
    if (usual == null) {
      Path harmless = folder.resolve("harmless.qcow2");
      Tool.run("qemu-img", "create", "-q", "-f", "qcow2", harmless, "1M");
      usual = opened(harmless, true);
    }
    return usual;
  }

  private Set<String> opened(Path image, boolean done) throws Exception {
    Path trace = folder.resolve("trace");
    String[] strace = {
      "strace", "-f", "-o", trace.toString(), "-e", "trace=open,openat,openat2,execve"
    };
    Outcome outcome =
        Program.gantry("convert", "--force", image, folder.resolve("disk")).under(strace).run();
    Assumptions.assumeFalse(
        outcome.err().toLowerCase(Locale.ROOT).contains("ptrace"),
        () -> "tracing is forbidden here: " + outcome.err());
    if (done) {
      outcome.expectDone();
    } else {
      outcome.expectRefused();
    }
    Set<String> opened = new TreeSet<>();
    for (String call : Files.readAllLines(trace, StandardCharsets.ISO_8859_1)) {
      Matcher matcher = OPENING.matcher(call);
      if (matcher.find() && !OF_THE_MACHINE.matcher(matcher.group(1)).matches()) {
        opened.add(matcher.group(1));
      }
    }
    return opened;
  }
}
