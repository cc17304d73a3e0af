package io.gantry.registry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * A channel lent to a decoder: what the decoder closes at its end is still wanted, for the rest of
 * it has to be verified.
 */
record KeptOpen(ReadableByteChannel in) implements ReadableByteChannel {

  @Override
  public int read(ByteBuffer dst) throws IOException {
    return in.read(dst);
  }

  @Override
  public boolean isOpen() {
    return in.isOpen();
  }

  @Override
  public void close() {
    // whoever lent it closes it
  }
}
