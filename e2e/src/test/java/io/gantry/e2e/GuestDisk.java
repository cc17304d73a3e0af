package io.gantry.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What a guest may have written: stretches of text, of bytes that do not compress, of zeros, of
 * pages of which every other one is zero, and room never touched, in no order. The same seed gives
 * the same disk.
 */
final class GuestDisk {

  private static final int PAGE = 4 << 10;
  private static final int STRETCH_PAGES_MAX = 48;

  private GuestDisk() {}

  /** Writes a disk of {@code size} bytes into a new file and returns the file. */
  static Path write(Path file, long size, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long at = 0;
      while (at < size) {
        int length = (int) Math.min(size - at, PAGE * random.nextLong(1, STRETCH_PAGES_MAX));
        byte[] stretch = stretch(random, length);
        if (stretch.length > 0) {
          channel.write(ByteBuffer.wrap(stretch), at);
        }
        at += length;
      }
      if (channel.size() < size) {
        channel.write(ByteBuffer.wrap(new byte[1]), size - 1);
      }
    }
    return file;
  }

  /** Returns that many bytes of one kind, or none for a hole. */
  private static byte[] stretch(SplittableRandom random, int length) {
    byte[] bytes = new byte[length];
    switch (random.nextInt(5)) {
      case 0 -> text(random, bytes);
      case 1 -> random.nextBytes(bytes);
      case 2 -> {} // zeros, written
      case 3 -> everyOtherPage(random, bytes);
      default -> {
        return new byte[0];
      }
    }
    return bytes;
  }

  private static void text(SplittableRandom random, byte[] bytes) {
    int at = 0;
    while (at < bytes.length) {
      byte[] line =
          "%08x kernel: block %d of %s mounted\n"
              .formatted(random.nextInt(), at, random.nextBoolean() ? "vda" : "vdb")
              .getBytes(US_ASCII);
      int count = Math.min(line.length, bytes.length - at);
      System.arraycopy(line, 0, bytes, at, count);
      at += count;
    }
  }

  private static void everyOtherPage(SplittableRandom random, byte[] bytes) {
    text(random, bytes);
    for (int page = 0; page < bytes.length; page += 2 * PAGE) {
      Arrays.fill(bytes, page, Math.min(page + PAGE, bytes.length), (byte) 0);
    }
  }
}
