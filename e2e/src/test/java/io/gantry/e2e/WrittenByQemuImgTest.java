package io.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Everything that {@code qemu-img convert} can write is decoded from a pipe, without scratch space.
 */
final class WrittenByQemuImgTest {

  /** No multiple of any cluster size, and enough for many tables where clusters are small. */
  private static final long SIZE = (9L << 20) + 3 * 512;

  /** More than the window, so that what waits in it cannot be the whole file. */
  private static final long LARGE_SIZE = 160L << 20;

  private static final int EXTENDED_L2_CLUSTER_BITS_MIN = 14;

  @TempDir(factory = InMemory.class)
  private static Path folder;

  private static Path disk;

  private final Path image = folder.resolve("image.qcow2");
  private final Path target = folder.resolve("target");

  @BeforeAll
  static void writeDisk() throws IOException {
    disk = GuestDisk.write(folder.resolve("disk"), SIZE, 1);
  }

  @AfterEach
  void removeFiles() throws IOException {
    Files.deleteIfExists(image);
    Files.deleteIfExists(target);
  }

  static Stream<String> options() {
    List<String> options = new ArrayList<>();
    for (int bits = 9; bits <= 21; bits++) {
      String cluster = "cluster_size=" + (1 << bits);
      options.add("-o compat=0.10," + cluster);
      options.add("-c -o compat=0.10," + cluster);
      options.add("-o compat=1.1," + cluster);
      options.add("-c -o compat=1.1," + cluster);
      options.add("-c -o compression_type=zstd," + cluster);
      options.add("-W -m 16 -o " + cluster);
      options.add("-c -W -m 16 -o " + cluster);
      options.add("-o preallocation=metadata," + cluster);
      if (bits >= EXTENDED_L2_CLUSTER_BITS_MIN) {
        options.add("-o extended_l2=on," + cluster);
        options.add("-c -o extended_l2=on," + cluster);
        options.add("-c -o extended_l2=on,compression_type=zstd," + cluster);
      }
    }
    for (String cluster : List.of("cluster_size=4k", "cluster_size=64k")) {
      options.add("-o preallocation=falloc," + cluster);
      options.add("-o preallocation=full," + cluster);
      options.add("-o lazy_refcounts=on," + cluster);
      options.add("-S 0 -o " + cluster);
      options.add("-S 64k -o " + cluster);
      for (int bits = 1; bits <= 64; bits *= 2) {
        options.add("-c -o refcount_bits=" + bits + "," + cluster);
      }
    }
    return options.stream();
  }

  @ParameterizedTest
  @MethodSource("options")
  void decodesFromFileAndPipeWithoutScratch(String options) throws Exception {
    convert(options, disk);

    InProcess.gantry("convert", image, target).expectDone();
    Disks.assertSame(disk, target);
    Files.delete(target);
    InProcess.gantryReading(image, "convert", "-", target).expectDone();
    Disks.assertSame(disk, target);
  }

  static Stream<String> largeOptions() {
    return Stream.of(
        "-o cluster_size=4k",
        "-o cluster_size=64k",
        "-c -o cluster_size=4k",
        "-c -o cluster_size=64k",
        "-c -o compression_type=zstd,cluster_size=2M",
        "-W -m 16 -o cluster_size=64k");
  }

  @ParameterizedTest
  @MethodSource("largeOptions")
  void decodesWhatIsLargerThanTheWindowFromAPipeWithoutScratch(String options) throws Exception {
    Path large = folder.resolve("large");
    if (!Files.exists(large)) {
      GuestDisk.write(large, LARGE_SIZE, 2);
    }
    convert(options, large);

    Program.gantry("convert", "-", target).stdin(image).run().expectDone();

    Disks.assertSame(large, target);
  }

  @Test
  void needsNoScratchForAResizedImageThatFitsIntoTheWindow() throws Exception {
    convert("-o cluster_size=4k", disk);
    Tool.run("qemu-img", "resize", "-q", image, "8G");
    Path expected = flattened();

    Program.gantry("convert", "-", target).stdin(image).run().expectDone();

    Disks.assertSame(expected, target);
  }

  @Test
  void asksForScratchWhenAResizedImageIsLargerThanTheWindow() throws Exception {
    Path large = GuestDisk.write(folder.resolve("resized"), LARGE_SIZE, 3);
    convert("-o cluster_size=4k", large);
    Tool.run("qemu-img", "resize", "-q", image, "8G");
    Path expected = flattened();

    Outcome without = Program.gantry("convert", "-", target).stdin(image).run();
    without.expectRefused(7);
    assertThat(without.err()).contains("scratch space required", "--scratch");
    assertThat(target).doesNotExist();

    Path scratch = Files.createDirectory(folder.resolve("scratch"));
    Program.gantry("convert", "--scratch", scratch, "-", target).stdin(image).run().expectDone();
    Disks.assertSame(expected, target);
    assertThat(scratch).isEmptyDirectory();
  }

  /** The active layer and both snapshots, after a life of writes, discards and zero writes. */
  @ParameterizedTest
  @MethodSource("lives")
  void readsEveryLayerOfAnImageWithALife(String createOptions, int seed) throws Exception {
    Tool.run("qemu-img", "create", "-q", "-f", "qcow2", "-o", createOptions, image, "3000k");
    for (String snapshot : List.of("first", "second")) {
      live(seed + snapshot.length());
      Tool.run("qemu-img", "snapshot", "-c", snapshot, image);
    }
    live(seed + 2);

    for (String snapshot : List.of("", "first", "second")) {
      Path expected = snapshot.isEmpty() ? flattened() : flattened("-l", snapshot);
      List<Object> words = new ArrayList<>(List.of("convert", "--force"));
      if (!snapshot.isEmpty()) {
        words.addAll(List.of("--snapshot", snapshot));
      }
      List<Object> file = new ArrayList<>(words);
      file.addAll(List.of(image, target));
      InProcess.gantry(file.toArray()).expectDone();
      Disks.assertSame(expected, target);
      words.addAll(List.of("--scratch", folder, "-", target));
      InProcess.gantryReading(image, words.toArray()).expectDone();
      Disks.assertSame(expected, target);
    }
  }

  static Stream<Arguments> lives() {
    return Stream.of(
            "cluster_size=512,compat=0.10",
            "cluster_size=512",
            "cluster_size=4k,refcount_bits=64",
            "cluster_size=64k",
            "cluster_size=16k,extended_l2=on",
            "cluster_size=64k,extended_l2=on,compression_type=zstd",
            "cluster_size=2M")
        .flatMap(
            options -> IntStream.range(0, 3).mapToObj(seed -> Arguments.of(options, 100 * seed)));
  }

  private void live(int seed) throws Exception {
    new GuestLife(seed, 3000 << 10, 40).live(image);
  }

  private void convert(String options, Path from) throws Exception {
    List<Object> words =
        new ArrayList<>(List.of("qemu-img", "convert", "-f", "raw", "-O", "qcow2"));
    words.addAll(List.of(options.split(" ")));
    words.addAll(List.of(from, image));
    Tool.run(words.toArray());
  }

  private Path flattened(String... options) throws Exception {
    Path expected = folder.resolve("expected");
    List<Object> words =
        new ArrayList<>(List.of("qemu-img", "convert", "-f", "qcow2", "-O", "raw"));
    words.addAll(List.of(options));
    words.addAll(List.of(image, expected));
    Tool.run(words.toArray());
    return expected;
  }
}
