package io.gantry.archive;

import io.gantry.codec.ReadAhead;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A channel, read ahead by a thread of its own: what is unpacked is wanted to its end. */
record AheadPieces(ReadAhead ahead) implements Pieces {

  @Override
  public @Nullable ByteBuffer next() throws IOException {
    return ahead.next();
  }

  @Override
  public void close() throws IOException {
    ahead.close();
  }
}
