package io.gantry.target;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An open file or device: bytes at positions, all of them or an exception. Any buffer, any offset,
 * many threads on ranges that do not overlap. Closing never waits for calls under way.
 */
sealed interface Storage extends Closeable permits ChannelStorage, FdStorage {

  void write(long offset, ByteBuffer src) throws IOException;

  void readFully(long offset, ByteBuffer dst) throws IOException;

  /** Makes the data durable, and what is needed to find it again. */
  void datasync() throws IOException;

  /** Makes data and all metadata durable. */
  void sync() throws IOException;
}
