package io.gantry.codec;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes decoded bytes wherever they belong, in any order. */
@FunctionalInterface
public interface PositionedSink {

  /**
   * Takes {@code data} for {@code offset}. Called from several threads at once, never twice for the
   * same byte. The buffer belongs to the caller again when this returns.
   */
  void accept(long offset, ByteBuffer data) throws IOException;

  /**
   * Takes {@code length} zeros for {@code offset}, of which it is known that they are zeros. Called
   * like {@link #accept}, for other bytes; a sink that treats them like any other needs only that.
   */
  default void acceptZeros(long offset, long length) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(64 << 10, length));
    for (long done = 0; done < length; done += zeros.limit()) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), length - done));
      accept(offset + done, zeros);
    }
  }
}
