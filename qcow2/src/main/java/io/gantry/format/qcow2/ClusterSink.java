package io.gantry.format.qcow2;

import java.io.IOException;

/**
 * Receives what an L2 table says, in guest order, whole clusters or subclusters, clipped at the
 * virtual size. Host offsets are aligned as the specification demands, nothing else is checked.
 */
public interface ClusterSink {

  /** Guest bytes stored at {@code hostOffset}. */
  void data(long guestOffset, long length, long hostOffset) throws IOException;

  /**
   * A compressed cluster of which the guest sees {@code length} bytes; {@code hostLength} counts
   * whole sectors and may reach past the end of the file.
   */
  void compressed(long guestOffset, long length, long hostOffset, int hostLength)
      throws IOException;

  /** Zeros; {@code hostOffset} is where room is kept for them, or -1. */
  void zero(long guestOffset, long length, long hostOffset) throws IOException;

  /** Not in this image: the backing file shows through. */
  void unallocated(long guestOffset, long length) throws IOException;
}
