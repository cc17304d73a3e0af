package io.gantry.archive;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Where the bytes of an archive come from. */
interface Pieces extends Closeable {

  /**
   * Returns the buffer that holds the next bytes; null at the end. The caller moves its position
   * behind what he has used, and it is his until he calls again with nothing remaining in it.
   */
  @Nullable ByteBuffer next() throws IOException;

  /**
   * Passes over bytes that nobody has to read.
   *
   * @return how many, at most {@code length}; less when the rest must be read to be passed over
   */
  default long skip(long length) throws IOException {
    return 0;
  }
}
