package io.gantry.http;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Small reads that follow each other closely, answered from one request.
 *
 * <p>Tables are read one by one, and in many files they lie side by side: with preallocated
 * metadata, or with small clusters. The first read of a row is sent as it is, since most tables are
 * alone in their neighbourhood; from the second one on, a window is fetched and kept.
 */
final class NearbyReads {

  /**
   * The largest L2 table of the usual cluster sizes and some room; longer reads go by themselves.
   */
  private static final int SMALL_MAX = 128 << 10;

  private static final int WINDOW_LENGTH = 1 << 20;

  private final HttpRanges ranges;
  private ByteBuffer window = ByteBuffer.allocate(0);
  private long windowStart;
  private long lastEnd = -1;

  NearbyReads(HttpRanges ranges) {
    this.ranges = ranges;
  }

  /** Fills {@code dst} if that is cheap, or will be for the reads to come; else leaves it alone. */
  synchronized boolean read(long offset, ByteBuffer dst) throws IOException {
    if (dst.remaining() > SMALL_MAX) {
      return false;
    }
    long end = offset + dst.remaining();
    boolean follows = offset >= lastEnd && offset - lastEnd <= HttpRanges.GAP_MAX && lastEnd >= 0;
    lastEnd = end;
    if (offset < windowStart || end > windowStart + window.limit()) {
      if (!follows) {
        return false;
      }
      fetch(offset);
    }
    dst.put(window.slice((int) (offset - windowStart), dst.remaining()));
    return true;
  }

  private void fetch(long offset) throws IOException {
    if (window.capacity() == 0) {
      window = ByteBuffer.allocate(WINDOW_LENGTH);
    }
    window.clear().limit((int) Math.min(WINDOW_LENGTH, ranges.size() - offset));
    windowStart = offset;
    try {
      ranges.readAlone(offset, window);
    } finally {
      // what a failure left half-filled is not there
      window.limit(window.position());
    }
  }
}
