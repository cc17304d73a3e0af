package io.gantry.io;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Bytes that can be read at any position: a local file, or a remote object that answers ranges.
 *
 * <p>Every method may be called from many threads at once. Reads are complete or throw: one short
 * read is never handed to the caller. Whoever opened the input closes it; closing twice is allowed.
 * Every exception names the input.
 */
public interface RandomAccessInput extends Closeable {

  /** Returns the name for people: a path or a URL without credentials. */
  String name();

  /** Returns the file size in bytes, fixed at opening. */
  long size();

  /**
   * Fills {@code dst} from {@code offset} on.
   *
   * @throws java.io.EOFException when {@code offset + dst.remaining()} lies beyond {@link #size()},
   *     with both numbers
   */
  void readFully(long offset, ByteBuffer dst) throws IOException;

  /**
   * Opens {@code [start, end)} for reading in order. For a remote input this is one request, so a
   * caller who knows that he will read a long range says so here.
   */
  default RangeReader openRange(long start, long end) throws IOException {
    return new PositionedRangeReader(this, start, end);
  }

  /** Returns what a request costs here, so that readers can choose their piece sizes. */
  default AccessCost cost() {
    return AccessCost.LOCAL;
  }

  /**
   * Returns where the hole ends that {@code offset} lies in, at most {@code end}; {@code offset}
   * itself when it lies in data, or when holes cannot be told here.
   */
  default long endOfHole(long offset, long end) throws IOException {
    return offset;
  }

  /** Returns where the data ends that {@code offset} lies in, at most {@code end}. */
  default long endOfData(long offset, long end) throws IOException {
    return end;
  }
}
