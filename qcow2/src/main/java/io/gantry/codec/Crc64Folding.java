package io.gantry.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Arrays;

/**
 * Makes a short message of a long one that has the same remainder modulo the polynomial of {@link
 * Crc64}, without tables: eight words at once, where the processor has registers for that.
 *
 * <p>The sum of eight powers of x, all of them multiples of 64, is a multiple of the polynomial.
 * Adding a multiple of that sum changes no remainder; so a word may be left out if it is added to
 * the seven words that lie as far behind it as the powers lie apart. Done from the front, this
 * leaves the last {@value #LAST} words of the message. {@code Crc64FoldingTest} shows that the sum
 * is what it must be; such sums are found by a search for equal sums of four powers.
 */
final class Crc64Folding {

  // How many words behind a word it is added; x^(64 * LAST) and its products with x^(-64 * 117),
  // x^(-64 * 152) and so on, down to 1, are the eight powers.
  static final int FIRST = 117;
  static final int SECOND = 152;
  static final int THIRD = 241;
  static final int FOURTH = 395;
  static final int FIFTH = 894;
  static final int SIXTH = 1250;
  static final int LAST = 1403;

  /** Length of the short message. */
  static final int LEFT_BYTES = LAST * Long.BYTES;

  /** Words folded at a time: they stay in the nearer caches. */
  private static final int STEP = 4096;

  /** The words folded last, and those to be folded next. */
  private final long[] words = new long[LAST + STEP];

  private final byte[] left = new byte[LEFT_BYTES];

  /**
   * Folds a message.
   *
   * @param crc the remainder of what came before it
   * @param bytes the message; its length is a multiple of eight, and more than {@link #LEFT_BYTES}
   * @return the message of {@link #LEFT_BYTES} bytes that takes its place, and that of what came
   *     before; valid until the next call
   */
  byte[] fold(long crc, ByteBuffer bytes) {
    LongBuffer message = longs(bytes.duplicate());
    Arrays.fill(words, 0, LAST, 0);
    long before = crc;
    while (message.remaining() > LAST) {
      int count = Math.min(STEP, message.remaining() - LAST);
      message.get(words, LAST, count);
      words[LAST] ^= before;
      before = 0;
      addAll(words, LAST + count);
      System.arraycopy(words, count, words, 0, LAST);
    }
    message.get(words, LAST, LAST);
    addLeftOut(words);
    longs(ByteBuffer.wrap(left)).put(words, LAST, LAST);
    return left;
  }

  private static LongBuffer longs(ByteBuffer bytes) {
    return bytes.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
  }

  /** To each word, those before it that it takes the place of. */
  private static void addAll(long[] words, int end) {
    for (int i = LAST; i < end; i++) {
      words[i] ^=
          words[i - FIRST]
              ^ words[i - SECOND]
              ^ words[i - THIRD]
              ^ words[i - FOURTH]
              ^ words[i - FIFTH]
              ^ words[i - SIXTH]
              ^ words[i - LAST];
    }
  }

  /** The same for words that are not left out themselves. */
  private static void addLeftOut(long[] words) {
    add(words, FIRST);
    add(words, SECOND);
    add(words, THIRD);
    add(words, FOURTH);
    add(words, FIFTH);
    add(words, SIXTH);
    add(words, LAST);
  }

  private static void add(long[] words, int distance) {
    for (int i = LAST; i < LAST + distance; i++) {
      words[i] ^= words[i - distance];
    }
  }
}
