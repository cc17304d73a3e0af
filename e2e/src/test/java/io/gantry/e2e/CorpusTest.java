package io.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every image of the corpus, from a file and from standard input. */
final class CorpusTest {

  /** Generous, because others use the machine, too; {@link HostileTest} measures. */
  private static final Duration ELAPSED_MAX = Duration.ofSeconds(60);

  /** ext4 ends here; tmpfs goes on to the end of what an offset can say. */
  private static final long EXT4_FILE_MAX = 16L << 40;

  private static final Path SHARED_MEMORY = Path.of("/dev/shm");

  @TempDir(factory = InMemory.class)
  private Path folder;

  @ParameterizedTest
  @MethodSource("io.gantry.e2e.Corpus#coreRows")
  void convertsOrRefusesFromAFile(CorpusRow row) throws Exception {
    Path target = target(row);
    try {
      List<Object> words = new ArrayList<>(List.of("convert"));
      words.addAll(row.options());
      words.addAll(List.of(row.image(), target));
      check(row, InProcess.gantry(words.toArray()), target);
    } finally {
      Files.deleteIfExists(target);
    }
  }

  @ParameterizedTest
  @MethodSource("io.gantry.e2e.Corpus#coreRows")
  void convertsOrRefusesFromStandardInput(CorpusRow row) throws Exception {
    Path target = target(row);
    try {
      List<Object> words = new ArrayList<>(List.of("convert", "--scratch", folder));
      words.addAll(row.options());
      words.addAll(List.of("-", target));
      check(row, readingFromPipe(row, words), target);
      try (var left = Files.list(folder)) {
        assertThat(left.filter(file -> !file.equals(target))).as("left in scratch").isEmpty();
      }
    } finally {
      Files.deleteIfExists(target);
    }
  }

  /** Names of other files are resolved where the program was started, so it must be started. */
  private static Outcome readingFromPipe(CorpusRow row, List<Object> words) throws Exception {
    return row.namesOtherFiles()
        ? Program.gantry(words.toArray()).in(row.image().getParent()).stdin(row.image()).run()
        : InProcess.gantryReading(row.image(), words.toArray());
  }

  private static void check(CorpusRow row, Outcome outcome, Path target) throws IOException {
    assertThat(outcome.elapsed()).isLessThan(ELAPSED_MAX);
    switch (row.outcome()) {
      case OK -> {
        outcome.expectDone();
        assertContent(row, target);
      }
      case REJECT -> {
        outcome.expectRefused();
        assertThat(target).doesNotExist();
      }
      case EITHER, LIMIT -> {
        if (outcome.done()) {
          assertContent(row, target);
        } else {
          outcome.expectRefused();
          assertThat(target).doesNotExist();
        }
      }
    }
  }

  private static void assertContent(CorpusRow row, Path target) throws IOException {
    if (row.virtualSize() < 0) {
      return;
    }
    assertThat(Files.size(target)).isEqualTo(row.diskSize());
    assertThat(SparseFile.nz64k(target, row.virtualSize())).isEqualTo(row.nz64k());
    assertThat(SparseFile.isZero(target, row.virtualSize(), row.diskSize())).isTrue();
  }

  private Path target(CorpusRow row) {
    if (row.virtualSize() < EXT4_FILE_MAX) {
      return folder.resolve("disk");
    }
    Assumptions.assumeTrue(
        Files.isWritable(SHARED_MEMORY), "needs /dev/shm for a file of " + row.virtualSize());
    return SHARED_MEMORY.resolve("gantry-e2e-%d-%s".formatted(ProcessHandle.current().pid(), row));
  }
}
