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
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * A block device whose content is a file; detached when closed.
 *
 * @param device such as {@code /dev/loop0}
 * @param file what is on it
 */
record LoopDevice(Path device, Path file) implements AutoCloseable {

  /** What a device is full of before anything is written: neither zero nor like any image. */
  static final byte GARBAGE = (byte) 0xA5;

  private static final int PIECE = 1 << 20;

  /** Makes a device of {@code size} bytes, full of garbage. */
  static LoopDevice full(Path file, long size, int sectorSize, String... options)
      throws IOException, InterruptedException {
    byte[] garbage = new byte[PIECE];
    Arrays.fill(garbage, GARBAGE);
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long at = 0; at < size; at += PIECE) {
        out.write(garbage, 0, (int) Math.min(PIECE, size - at));
      }
    }
    return over(file, sectorSize, options);
  }

  /** Makes a device of what is in a file. */
  static LoopDevice over(Path file, int sectorSize, String... options)
      throws IOException, InterruptedException {
    Assumptions.assumeTrue(
        Files.isWritable(Path.of("/dev/loop-control")), "needs root and loop devices");
    List<Object> words = new ArrayList<>(List.of("losetup", "--find", "--show"));
    words.addAll(List.of("--sector-size", sectorSize));
    words.addAll(List.of(options));
    words.add(file);
    return new LoopDevice(Path.of(Tool.run(words.toArray()).strip()), file);
  }

  /** Demands that nobody has written to [from, to) of a device that was full of garbage. */
  static void assertGarbage(Path file, long from, long to) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(to - from));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
        // reads on
      }
    }
    assertThat(bytes.hasRemaining()).isFalse();
    for (int i = 0; i < bytes.capacity(); i++) {
      if (bytes.get(i) != GARBAGE) {
        throw new AssertionError("byte %d was overwritten".formatted(from + i));
      }
    }
  }

  @Override
  public void close() throws IOException {
    try {
      Tool.run("losetup", "--detach", device);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
