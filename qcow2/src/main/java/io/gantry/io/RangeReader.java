package io.gantry.io;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** One range of an input, read in order. Used by one thread. */
public interface RangeReader extends Closeable {

  /** Fills {@code dst} with the next bytes of the range, or throws. */
  void readFully(ByteBuffer dst) throws IOException;

  /** Passes over the next {@code length} bytes. */
  void skip(long length) throws IOException;
}
