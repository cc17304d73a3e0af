package io.gantry.codec;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The bytes that LZMA decoded last, as many as a match may refer back to, in a ring: what is
 * decoded goes here, and from here to whoever reads.
 */
final class LzmaWindow {

  /** The position tells the alignment that probabilities depend on; it must survive the wrap. */
  private static final int ALIGNMENT = 16;

  /** What is copied at once, and may be written behind the end of a copy. */
  private static final int WIDE = 16;

  /** The longest match, and what may be written behind it. */
  private static final int MATCH_ROOM = 273 + WIDE;

  /** The least multiple of a distance that what is copied at once does not overlap. */
  private static final int[] PERIODS = {0, 8, 8, 9, 8, 10, 12, 14};

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
   * Repeats {@code length} bytes that lie {@code distance} before {@code at}, which may overlap,
   * unless they would go beyond {@code limit}, or come near the end of the ring; says whether it
   * did. Fewer than {@link #WIDE} bytes behind them may be lost.
   *
   * <p>Nine tenths of all matches are one step, without a branch that depends on the length. Each
   * long is read behind the writing of the one before it, which it may overlap; of what repeats
   * faster than that, the first bytes are copied one by one.
   */
  static boolean copies(byte[] bytes, int at, int distance, int length, int limit) {
    int from = from(bytes, at, distance);
    if (length > limit - at || Math.max(at, from) > bytes.length - MATCH_ROOM) {
      return false;
    }
    int done = 0;
    if (distance < PERIODS.length) {
      int period = PERIODS[distance];
      do {
        bytes[at + done] = bytes[from + done];
        done++;
      } while (done < period - distance);
      from = at - period;
    }
    while (done < length) {
      LONGS.set(bytes, at + done, (long) LONGS.get(bytes, from + done));
      int next = done + Long.BYTES;
      LONGS.set(bytes, at + next, (long) LONGS.get(bytes, from + next));
      done += WIDE;
    }
    return true;
  }

  /** Does what {@link #copies} does, wherever it is: around the end of the ring, too. */
  static void copy(byte[] bytes, int at, int distance, int length) {
    int from = from(bytes, at, distance);
    for (int i = 0; i < length; i++) {
      bytes[at + i] = bytes[from];
      from++;
      if (from == bytes.length) {
        from = 0;
      }
    }
  }

  private static int from(byte[] bytes, int at, int distance) {
    return at - distance + (at < distance ? bytes.length : 0);
  }
}
