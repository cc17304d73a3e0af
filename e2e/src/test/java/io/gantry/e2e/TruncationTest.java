package io.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file that was cut short is refused: a disk with zeros in the wrong place looks like a disk. */
final class TruncationTest {

  private static final long SIZE = (2L << 20) + 512;
  private static final int CLUSTER_CUTS = 40;

  @TempDir(factory = InMemory.class)
  private static Path folder;

  private static Path disk;

  @BeforeAll
  static void writeDisk() throws IOException {
    disk = GuestDisk.write(folder.resolve("disk"), SIZE, 4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-o compat=0.10,cluster_size=4k",
        "-o cluster_size=512",
        "-o cluster_size=64k",
        "-o cluster_size=64k,extended_l2=on",
        "-c -o cluster_size=512",
        "-c -o cluster_size=64k",
        "-c -o cluster_size=64k,compression_type=zstd",
        "-c -o cluster_size=16k,extended_l2=on,compression_type=zstd"
      })
  void refusesAnImageThatLacksWhatItsGuestNeeds(String options) throws Exception {
    Path image = folder.resolve("image.qcow2");
    List<Object> words =
        new ArrayList<>(List.of("qemu-img", "convert", "-f", "raw", "-O", "qcow2"));
    words.addAll(List.of(options.split(" ")));
    words.addAll(List.of(disk, image));
    Tool.run(words.toArray());

    int whole = 0;
    for (long cut : imageCuts(image)) {
      Path piece = beginning(image, cut);
      whole += convert(false, piece) ? 1 : 0;
      whole += convert(true, piece) ? 1 : 0;
    }
    // Only the padding of the last cluster can be spared.
    assertThat(whole).as("cuts that did not matter").isLessThan(40);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gzip -c",
        "gzip -1 -c",
        "xz -0 -c",
        "xz -0 --block-size=256KiB -c",
        "xz -0 --check=none -c",
        "zstd -q -c",
        "zstd -q --no-check -c",
        "zstd -q --ultra -20 --long=27 -c"
      })
  void refusesAWrappingThatEndsEarly(String compressor) throws Exception {
    Path image = folder.resolve("wrapped.qcow2");
    Tool.run("qemu-img", "convert", "-O", "qcow2", "-o", "cluster_size=4k", disk, image);
    for (Path inner : List.of(disk, image)) {
      Path wrapped = folder.resolve("wrapped");
      Tool.filter(inner, wrapped, (Object[]) compressor.split(" "));
      assertThat(convert(true, wrapped)).as("uncut").isTrue();
      for (long cut : wrappingCuts(Files.size(wrapped))) {
        Path piece = beginning(wrapped, cut);
        assertThat(convert(false, piece)).as("%s cut at %d, a file", inner, cut).isFalse();
        assertThat(convert(true, piece)).as("%s cut at %d, a pipe", inner, cut).isFalse();
      }
    }
  }

  /** Header fields, ends of the header, cluster boundaries and their neighbours, the last bytes. */
  private static Iterable<Long> imageCuts(Path image) throws IOException {
    long size = Files.size(image);
    ByteBuffer header = ByteBuffer.allocate(32);
    try (FileChannel channel = FileChannel.open(image, StandardOpenOption.READ)) {
      channel.read(header, 0);
    }
    int cluster = 1 << header.getInt(20);
    TreeSet<Long> cuts = new TreeSet<>(List.of(4L, 8L, 24L, 71L, 72L, 103L, 104L, 111L, 112L));
    SplittableRandom random = new SplittableRandom(5);
    long clusters = size / cluster;
    LongStream numbers =
        clusters <= CLUSTER_CUTS
            ? LongStream.rangeClosed(1, clusters)
            : LongStream.generate(() -> random.nextLong(1, clusters + 1)).limit(CLUSTER_CUTS);
    numbers.forEach(n -> cuts.addAll(List.of(n * cluster - 1, n * cluster, n * cluster + 1)));
    LongStream.range(0, 30).forEach(_ -> cuts.add(random.nextLong(112, size)));
    LongStream.rangeClosed(1, 16).forEach(n -> cuts.add(size - n));
    cuts.removeIf(cut -> cut >= size);
    return cuts;
  }

  /** Behind the magic, which is all that tells a wrapping; then here and there; each last byte. */
  private static Iterable<Long> wrappingCuts(long size) {
    TreeSet<Long> cuts = new TreeSet<>(List.of(6L, 7L, 12L, 18L, 24L));
    SplittableRandom random = new SplittableRandom(6);
    LongStream.range(0, 10).forEach(_ -> cuts.add(random.nextLong(24, size)));
    LongStream.rangeClosed(1, 64).forEach(n -> cuts.add(size - n));
    return cuts;
  }

  /** Says whether it was taken, after demanding that then all of it was there. */
  private static boolean convert(boolean piped, Path source) throws IOException {
    Path target = folder.resolve("target");
    boolean image = source.getFileName().toString().equals("piece-of-image.qcow2");
    List<Object> words = new ArrayList<>(List.of("convert"));
    if (image) {
      words.addAll(List.of("--source-format", "qcow2"));
    }
    words.addAll(List.of(piped ? "-" : source, target));
    Outcome outcome =
        piped
            ? InProcess.gantryReading(source, words.toArray())
            : InProcess.gantry(words.toArray());
    if (outcome.done()) {
      outcome.expectDone();
      Disks.assertSame(disk, target);
      Files.delete(target);
    } else {
      outcome.expectRefused();
      assertThat(target).doesNotExist();
    }
    return outcome.done();
  }

  private static Path beginning(Path file, long length) throws IOException {
    Path piece = folder.resolve("piece-of-" + file.getFileName());
    try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ);
        OutputStream to = Files.newOutputStream(piece)) {
      byte[] bytes = new byte[Math.toIntExact(length)];
      from.read(ByteBuffer.wrap(bytes), 0);
      to.write(bytes);
    }
    return piece;
  }
}
