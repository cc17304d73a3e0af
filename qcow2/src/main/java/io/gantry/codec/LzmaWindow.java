package io.gantry.codec;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The bytes that LZMA decoded last, as many as a match may refer back to, in a ring: what is
 * decoded goes here, and from here to whoever reads.
 */
final class LzmaWindow {

  /** The position tells the alignment that probabilities depend on; it must survive the wrap. */
  private static final int ALIGNMENT = 16;

  /** Below that, a loop over bytes is faster than setting up a copy. */
  private static final int SHORT = 16;

  /** What is copied at once, and may be written behind the end of a copy. */
  private static final int WIDE = 16;

  /** Longer copies are worth setting one up. */
  private static final int WIDE_MAX = 4 * WIDE;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final byte[] bytes;
  private int readAt;
  private int position;
  private int limit;

  /** How far back a match may go: what has been decoded since the start, up to all of it. */
  private int filled;

  LzmaWindow(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Returns how long the array must be for a dictionary of {@code size} bytes: so long that what a
   * copy writes behind its end is further back than any match may go.
   */
  static int length(int size) {
    return ((size + ALIGNMENT - 1) & -ALIGNMENT) + WIDE;
  }

  /** Returns how far back a match may go at most. */
  int dictionary() {
    return bytes.length - WIDE;
  }

  byte[] bytes() {
    return bytes;
  }

  int position() {
    return position;
  }

  int limit() {
    return limit;
  }

  /** Forgets everything. */
  void reset() {
    readAt = 0;
    position = 0;
    filled = 0;
    bytes[bytes.length - 1] = 0; // the byte before the first one
  }

  /** Makes room for {@code wanted} more bytes, or for fewer. */
  void allow(int wanted) {
    if (position == bytes.length) {
      position = 0;
      readAt = 0;
    }
    limit = Math.min(wanted, bytes.length - position) + position;
  }

  /**
   * Says whether all of the window holds what was decoded, not only what lies before the position.
   */
  boolean isWrapped() {
    return filled > position;
  }

  void decodedTo(int at) {
    position = at;
    filled = Math.max(filled, at);
  }

  /** Fills it up to the limit with bytes that are not compressed. */
  boolean readFrom(InputStream in) throws IOException {
    int wanted = limit - position;
    boolean complete = in.readNBytes(bytes, position, wanted) == wanted;
    decodedTo(limit);
    return complete;
  }

  /** Hands out what was decoded since the last time; returns how much that is. */
  int read(ByteBuffer dst) {
    int count = position - readAt;
    dst.put(bytes, readAt, count);
    readAt = position;
    return count;
  }

  /**
   * Does what {@link #copy} does where that takes no call, which is nearly always, and nothing goes
   * beyond {@code limit}; says whether it did.
   */
  static boolean copiesShort(byte[] bytes, int at, int distance, int length, int limit) {
    if (length > limit - at) {
      return false;
    }
    int from = from(bytes, at, distance);
    if (length <= WIDE_MAX
        && distance >= Long.BYTES
        && Math.max(at, from) <= bytes.length - WIDE_MAX) {
      copyWide(bytes, at, from, length);
      return true;
    }
    if (length < SHORT && from < at) {
      for (int i = 0; i < length; i++) {
        bytes[at + i] = bytes[from + i];
      }
      return true;
    }
    return false;
  }

  /**
   * Repeats {@code length} bytes that lie {@code distance} before {@code at}, which may overlap.
   * Fewer than {@link #WIDE} bytes behind them may be lost.
   */
  static void copy(byte[] bytes, int at, int distance, int length) {
    if (copiesShort(bytes, at, distance, length, at + length)) {
      return;
    }
    int from = from(bytes, at, distance);
    if (from > at) {
      copyAroundTheEnd(bytes, at, from, distance, length);
    } else if (distance == 1) {
      Arrays.fill(bytes, at, at + length, bytes[from]);
    } else if (distance >= length) {
      System.arraycopy(bytes, from, bytes, at, length);
    } else {
      copyOverlapping(bytes, at, distance, length);
    }
  }

  private static int from(byte[] bytes, int at, int distance) {
    return at - distance + (at < distance ? bytes.length : 0);
  }

  /**
   * Nine tenths of all matches are that short: one step, without a branch that depends on it. Each
   * long is read behind the writing of the one before it, which it may overlap.
   */
  private static void copyWide(byte[] bytes, int at, int from, int length) {
    int done = 0;
    do {
      LONGS.set(bytes, at + done, (long) LONGS.get(bytes, from + done));
      int next = done + Long.BYTES;
      LONGS.set(bytes, at + next, (long) LONGS.get(bytes, from + next));
      done += WIDE;
    } while (done < length);
  }

  /** What was copied can be copied again: twice as much each time. */
  private static void copyOverlapping(byte[] bytes, int start, int distance, int length) {
    int from = start - distance;
    int at = start;
    int end = start + length;
    while (at < end) {
      int count = Math.min(at - from, end - at);
      System.arraycopy(bytes, from, bytes, at, count);
      at += count;
    }
  }

  private static void copyAroundTheEnd(byte[] bytes, int at, int from, int distance, int length) {
    int first = Math.min(length, bytes.length - from);
    System.arraycopy(bytes, from, bytes, at, first);
    if (first < length) {
      copy(bytes, at + first, distance, length - first);
    }
  }
}
