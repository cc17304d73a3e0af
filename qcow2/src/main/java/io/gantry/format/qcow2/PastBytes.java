package io.gantry.format.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Host bytes that a forward reader has already passed. */
public interface PastBytes {

  /**
   * Fills {@code dst} with the bytes from {@code hostOffset} on.
   *
   * @throws IOException also when they were not kept
   */
  void read(long hostOffset, ByteBuffer dst) throws IOException;
}
