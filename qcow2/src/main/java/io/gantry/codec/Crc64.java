package io.gantry.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * CRC-64/XZ: the polynomial of ECMA-182, reflected; .xz file format 1.2, section 6.
 *
 * <p>xz writes this check by default, so every byte of most disks goes through here. A long piece
 * of zeros, of which a disk has most, is only looked at: what zeros do to a remainder is a product
 * with a power of x. Any other long piece is folded to a few kilobytes first ({@link
 * Crc64Folding}). The rest takes eight bytes a step, with one table for each of them ("slicing by
 * eight"), in four lanes that do not wait for each other, joined like zeros.
 */
final class Crc64 {

  private static final long POLYNOMIAL = 0xC96C5795D7870F42L;

  /** Bytes of a lane. Joining the lanes costs as much as a hundred bytes of one. */
  private static final int LANE = 1024;

  private static final int BLOCK = 4 * LANE;

  /** What the byte {@code i} of the word does to the remainder behind it, at 256 * (7 - i). */
  private static final long[] WORD = wordTables();

  /** What a byte of zeros multiplies a remainder by: x to the power of 8. */
  private static final long ZERO_BYTE = 1L << (Long.SIZE - 1 - Byte.SIZE);

  /** The remainder after a lane of zeros, for the byte {@code i} of the remainder before it. */
  private static final long[] ZERO_LANE = zeroLaneTables();

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** From that length on, folding is worth what the words that it leaves take. */
  private static final int FOLD_MIN = 4 * Crc64Folding.LEFT_BYTES;

  private long state = -1;

  private @Nullable Crc64Folding folding;

  private static long[] wordTables() {
    long[] tables = new long[8 * 256];
    fillTable(tables, 0, POLYNOMIAL);
    for (int i = 256; i < tables.length; i++) {
      long crc = tables[i - 256];
      tables[i] = (crc >>> 8) ^ tables[(int) crc & 0xff];
    }
    return tables;
  }

  private static long[] zeroLaneTables() {
    long zeros = ZERO_BYTE;
    for (int bytes = 1; bytes < LANE; bytes <<= 1) {
      zeros = product(zeros, zeros);
    }
    long[] tables = new long[8 * 256];
    for (int table = 7; table >= 0; table--) {
      zeros = fillTable(tables, table * 256, zeros);
    }
    return tables;
  }

  /**
   * Fills one table of a linear operation: each bit is worth x times the one above it, and a byte
   * the sum of its bits.
   *
   * @param highest what the highest bit of the byte is worth
   * @return what the bit below the lowest one is worth
   */
  private static long fillTable(long[] tables, int start, long highest) {
    long value = highest;
    for (int bit = 1 << (Byte.SIZE - 1); bit > 0; bit >>= 1) {
      tables[start + bit] = value;
      value = timesX(value);
    }
    for (int i = 1; i < 256; i++) {
      tables[start + i] = tables[start + (i & (i - 1))] ^ tables[start + (i & -i)];
    }
    return value;
  }

  /** Multiplies two remainders, whose highest bit stands for one, and the next one for x. */
  private static long product(long a, long b) {
    long sum = 0;
    long shifted = b;
    for (long rest = a; rest != 0; rest <<= 1) {
      sum ^= (rest >> (Long.SIZE - 1)) & shifted;
      shifted = timesX(shifted);
    }
    return sum;
  }

  private static long timesX(long remainder) {
    return (remainder >>> 1) ^ (-(remainder & 1) & POLYNOMIAL);
  }

  /** The remainder behind a word, of which {@code word} is the sum with the remainder before. */
  private static long word(long word) {
    return WORD[7 * 256 + ((int) word & 0xff)]
        ^ WORD[6 * 256 + ((int) (word >>> 8) & 0xff)]
        ^ WORD[5 * 256 + ((int) (word >>> 16) & 0xff)]
        ^ WORD[4 * 256 + ((int) (word >>> 24) & 0xff)]
        ^ WORD[3 * 256 + ((int) (word >>> 32) & 0xff)]
        ^ WORD[2 * 256 + ((int) (word >>> 40) & 0xff)]
        ^ WORD[256 + ((int) (word >>> 48) & 0xff)]
        ^ WORD[(int) (word >>> 56) & 0xff];
  }

  private static long zeroLane(long crc) {
    return ZERO_LANE[(int) crc & 0xff]
        ^ ZERO_LANE[256 + ((int) (crc >>> 8) & 0xff)]
        ^ ZERO_LANE[2 * 256 + ((int) (crc >>> 16) & 0xff)]
        ^ ZERO_LANE[3 * 256 + ((int) (crc >>> 24) & 0xff)]
        ^ ZERO_LANE[4 * 256 + ((int) (crc >>> 32) & 0xff)]
        ^ ZERO_LANE[5 * 256 + ((int) (crc >>> 40) & 0xff)]
        ^ ZERO_LANE[6 * 256 + ((int) (crc >>> 48) & 0xff)]
        ^ ZERO_LANE[7 * 256 + ((int) (crc >>> 56) & 0xff)];
  }

  /** Takes in all that remains. */
  void update(ByteBuffer data) {
    if (data.remaining() >= FOLD_MIN && XzZeroBlocks.isZero(data)) {
      updateZeros(data.remaining());
      data.position(data.limit());
    } else if (data.remaining() >= FOLD_MIN) {
      fold(data);
    }
    if (data.hasArray()) {
      updateByTables(data.array(), data.arrayOffset() + data.position(), data.remaining());
      data.position(data.limit());
    } else {
      byte[] rest = new byte[data.remaining()];
      data.get(rest);
      updateByTables(rest, 0, rest.length);
    }
  }

  /** Takes in most of what remains. */
  private void fold(ByteBuffer data) {
    if (folding == null) {
      folding = new Crc64Folding();
    }
    int folded = data.remaining() & -Long.BYTES;
    byte[] left = folding.fold(state, data.slice(data.position(), folded));
    state = 0;
    updateByTables(left, 0, left.length);
    data.position(data.position() + folded);
  }

  private void updateByTables(byte[] bytes, int offset, int length) {
    long crc = state;
    int at = offset;
    int end = offset + length;
    for (; at <= end - BLOCK; at += BLOCK) {
      crc = block(crc, bytes, at);
    }
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      crc = word(crc ^ (long) LONGS.get(bytes, at));
    }
    for (; at < end; at++) {
      crc = (crc >>> 8) ^ WORD[(int) (crc ^ bytes[at]) & 0xff];
    }
    state = crc;
  }

  /** The same for {@code count} zeros, of which nothing is looked at. */
  void updateZeros(long count) {
    long crc = state;
    long zeros = ZERO_BYTE;
    for (long rest = count; rest != 0; rest >>>= 1) {
      crc = (rest & 1) == 0 ? crc : product(crc, zeros);
      zeros = product(zeros, zeros);
    }
    state = crc;
  }

  private static long block(long crc, byte[] bytes, int start) {
    long first = crc;
    long second = 0;
    long third = 0;
    long fourth = 0;
    for (int at = start; at < start + LANE; at += Long.BYTES) {
      first = word(first ^ (long) LONGS.get(bytes, at));
      second = word(second ^ (long) LONGS.get(bytes, at + LANE));
      third = word(third ^ (long) LONGS.get(bytes, at + 2 * LANE));
      fourth = word(fourth ^ (long) LONGS.get(bytes, at + 3 * LANE));
    }
    return fourth ^ zeroLane(third ^ zeroLane(second ^ zeroLane(first)));
  }

  long value() {
    return ~state;
  }
}
