package io.gantry.image;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A disk image opened for reading at any position.
 *
 * <p>It has no cursor, so workers share one image and need no copies; every method may be called
 * from many threads at once. What it returns is exact or an exception: bytes the file does not hold
 * are {@link MalformedImageException}, never zeros. Opening reads the header and the top-level
 * table, {@link #layout} each second-level table once, in guest order; {@link #readFully} keeps a
 * few tables. Whoever opened the image closes it, and with it its backing files.
 */
public interface Image extends Closeable {

  ImageInfo info();

  /**
   * Describes the guest range {@code [from, to)} piece by piece, in guest order and without gaps,
   * backing files included; neighbours that could be one piece are one piece. Nothing but tables is
   * read.
   */
  void layout(long from, long to, LayoutVisitor visitor) throws IOException;

  /**
   * Returns the first extent from {@code offset} on, clipped at {@code end}; what follows may be of
   * the same kind.
   */
  Extent extentAt(long offset, long end) throws IOException;

  /**
   * Returns how many requests it takes to read all second-level tables when tables less than {@code
   * gapMax} bytes apart are read together. Over a network this decides whether to read by ranges.
   */
  default long tableRequests(long gapMax) {
    return 0;
  }

  /**
   * Reads second-level tables ahead of {@link #layout} where each would cost a request of its own.
   */
  default void readTablesAhead() throws IOException {}

  /** Returns how many requests are worth having under way at once on the file below. */
  default int requestsInFlight() {
    return 1;
  }

  /** Fills {@code dst} with guest data from {@code offset} on; must lie inside the virtual size. */
  void readFully(long offset, ByteBuffer dst) throws IOException;
}
