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
}
