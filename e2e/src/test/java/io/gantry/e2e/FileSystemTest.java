package io.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An ext4 file system of real programs and libraries, those of the JDK, through every kind of image
 * to files and devices. What arrives is the same, and e2fsck finds nothing to repair.
 */
final class FileSystemTest {

  private static final String DISK_SIZE = "512M";
  private static final long BESIDE = 1 << 20;

  @TempDir private static Path folder;
  private static Path disk;

  @BeforeAll
  static void makeFileSystem() throws Exception {
    Assumptions.assumeTrue(Tool.exists("mkfs.ext4"), "needs mkfs.ext4");
    disk = folder.resolve("disk");
    Path jdk = Path.of(System.getProperty("java.home"), "lib");
    Tool.run("mkfs.ext4", "-q", "-d", jdk, disk, DISK_SIZE);
    image("plain.qcow2", "-W", "-m", "16");
    image("deflate.qcow2", "-c", "-W", "-m", "16");
    image("zstd.qcow2", "-c", "-o", "compression_type=zstd", "-m", "16");
  }

  private static void image(String name, String... options) throws Exception {
    List<Object> words =
        new ArrayList<>(List.of("qemu-img", "convert", "-f", "raw", "-O", "qcow2"));
    words.addAll(List.of(options));
    words.addAll(List.of(disk, folder.resolve(name)));
    Tool.run(words.toArray());
  }

  static Stream<String> images() {
    return Stream.of("plain.qcow2", "deflate.qcow2", "zstd.qcow2");
  }

  @ParameterizedTest
  @MethodSource("images")
  void arrivesInAFile(String image) throws Exception {
    Path target = folder.resolve("target");

    Program.gantry("convert", "--force", folder.resolve(image), target).run().expectDone();

    expectFileSystem(target);
  }

  static Stream<Arguments> devices() {
    return Stream.of(
        Arguments.of("plain.qcow2", 512, List.of()),
        Arguments.of("plain.qcow2", 4096, List.of("--direct")),
        Arguments.of("deflate.qcow2", 4096, List.of("--preallocation", "full")),
        Arguments.of("zstd.qcow2", 512, List.of("--direct", "--preallocation", "falloc")));
  }

  @ParameterizedTest
  @MethodSource("devices")
  void arrivesOnADevice(String image, int sectorSize, List<String> options) throws Exception {
    Path device = folder.resolve("device");
    long size = Files.size(disk);
    try (LoopDevice loop = LoopDevice.full(device, size + BESIDE, sectorSize)) {
      List<Object> words = new ArrayList<>(List.of("convert"));
      words.addAll(options);
      words.addAll(List.of(folder.resolve(image), loop.device()));

      Program.gantry(words.toArray()).run().expectDone();
    }
    Disks.assertBeginsWith(disk, device);
    LoopDevice.assertGarbage(device, size, size + BESIDE);
  }

  private static void expectFileSystem(Path target) throws IOException, InterruptedException {
    Disks.assertSame(disk, target);
    assertThat(Tool.run("e2fsck", "-fn", target)).contains("Pass 5");
  }
}
