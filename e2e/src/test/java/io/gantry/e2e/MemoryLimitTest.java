package io.gantry.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A pod is small, and the page cache of what it writes counts. */
final class MemoryLimitTest {

  private static final long LIMIT = 192L << 20;
  private static final long SIZE = 768L << 20;

  @TempDir private static Path folder;
  private static Path disk;

  @BeforeAll
  static void writeDisk() throws Exception {
    disk = GuestDisk.write(folder.resolve("disk"), SIZE, 11);
    Tool.run("qemu-img", "convert", "-W", "-m", "16", "-O", "qcow2", disk, folder.resolve("plain"));
    Tool.filter(disk, folder.resolve("zst"), "zstd", "-q", "-1");
  }

  static Stream<Arguments> ways() {
    return Stream.of(
        Arguments.of("plain", false),
        Arguments.of("plain", true),
        Arguments.of("zst", false),
        Arguments.of("disk", true));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void convertsMoreThanMayBeInMemory(String source, boolean piped) throws Exception {
    Path file = folder.resolve(source);
    Path target = folder.resolve("target");
    forget(file);
    try (MemoryCgroup cgroup = MemoryCgroup.limitedTo(LIMIT)) {
      List<Object> words = new ArrayList<>(List.of("convert", piped ? "-" : file, target));
      Program gantry = Program.gantry(words.toArray()).under(cgroup.member());

      (piped ? gantry.stdin(file) : gantry).run().expectDone();

      Disks.assertSame(disk, target);
    } finally {
      Files.deleteIfExists(target);
    }
  }

  /** Pages that are cached already would be on somebody else's account. */
  private static void forget(Path file) throws Exception {
    Tool.run("sync", file);
    Tool.run("dd", "if=" + file, "iflag=nocache", "count=0", "status=none");
  }
}
