package io.gantry.codec;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** Raw deflate data to decode, and what zlib says to it. */
final class DeflateStreams {

  private DeflateStreams() {}

  static byte[] deflate(byte[] content, int level, int strategy) {
    return deflate(content, level, strategy, content.length, Deflater.NO_FLUSH);
  }

  /** Deflates in pieces of {@code step} bytes with {@code flush} after each. */
  static byte[] deflate(byte[] content, int level, int strategy, int step, int flush) {
    try (Deflater deflater = new Deflater(level, true)) {
      deflater.setStrategy(strategy);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] buffer = new byte[65_536];
      for (int at = 0; at < content.length; at += step) {
        deflater.setInput(content, at, Math.min(step, content.length - at));
        drain(deflater, buffer, out, flush);
      }
      deflater.finish();
      drain(deflater, buffer, out, flush);
      return out.toByteArray();
    }
  }

  private static void drain(
      Deflater deflater, byte[] buffer, ByteArrayOutputStream out, int flush) {
    int count;
    do {
      count = deflater.deflate(buffer, 0, buffer.length, flush);
      out.write(buffer, 0, count);
    } while (count == buffer.length);
  }

  /**
   * Returns what zlib decodes into {@code size} bytes, or null when it cannot fill them. An error
   * that zlib finds behind the last byte does not count: it reads one symbol further than it needs.
   */
  static byte @Nullable [] zlib(byte[] data, int size) {
    byte[] content = new byte[size];
    try (Inflater inflater = new Inflater(true)) {
      inflater.setInput(data);
      int count = 1;
      try {
        for (int at = 0; at < size && count > 0; at += count) {
          count = inflater.inflate(content, at, size - at);
        }
      } catch (DataFormatException e) {
        // What was written before the error is what counts.
      }
      return inflater.getBytesWritten() == size ? content : null;
    }
  }

  /** Content of several tempers, like the clusters of a disk. */
  static byte[] content(int kind, int length) {
    SplittableRandom random = new SplittableRandom(kind * 1_000_003L + length);
    byte[] bytes = new byte[length];
    switch (kind) {
      case 0 -> {}
      case 1 -> random.nextBytes(bytes);
      case 2 -> fill(bytes, random, 13);
      case 3 -> repeat(bytes, random, 1 + random.nextInt(9));
      case 4 -> farMatches(bytes, random);
      case 5 -> skewed(bytes, random);
      case 6 -> records(bytes);
      default -> throw new IllegalArgumentException("kind " + kind);
    }
    return bytes;
  }

  static final int KINDS = 7;

  private static void fill(byte[] bytes, SplittableRandom random, int symbols) {
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) "etaoin shrdlucmf".charAt(random.nextInt(symbols));
    }
  }

  private static void repeat(byte[] bytes, SplittableRandom random, int period) {
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] =
          i < period || random.nextInt(500) == 0 ? (byte) random.nextInt() : bytes[i - period];
    }
  }

  private static void farMatches(byte[] bytes, SplittableRandom random) {
    random.nextBytes(bytes);
    for (int at = 300; at + 300 < bytes.length; at += 200) {
      int from = random.nextInt(Math.max(0, at - 32_768), at - 1);
      for (int i = 0, length = random.nextInt(3, 290); i < length; i++) {
        bytes[at + i] = bytes[from + i];
      }
    }
  }

  /** Symbols whose frequencies fall by half each time: the longest codewords there are. */
  private static void skewed(byte[] bytes, SplittableRandom random) {
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (Long.numberOfTrailingZeros(random.nextLong()) * 37 + random.nextInt(2));
    }
  }

  private static void records(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i % 24 < 4 ? (i / 24) >> (i % 24 * 8) : i % 24 * 11);
    }
  }

  /** Changes a few bits or bytes, or cuts the end off. */
  static byte[] mutate(byte[] data, SplittableRandom random) {
    byte[] mutated = data.clone();
    for (int change = random.nextInt(3); change >= 0; change--) {
      int at = random.nextInt(random.nextBoolean() ? mutated.length : Math.min(80, mutated.length));
      switch (random.nextInt(4)) {
        case 0 -> mutated[at] = (byte) random.nextInt();
        case 1 -> mutated[at] = (byte) (random.nextBoolean() ? 0 : -1);
        default -> mutated[at] ^= (byte) (1 << random.nextInt(8));
      }
    }
    return random.nextInt(8) == 0
        ? Arrays.copyOf(mutated, random.nextInt(1, mutated.length + 1))
        : mutated;
  }
}
