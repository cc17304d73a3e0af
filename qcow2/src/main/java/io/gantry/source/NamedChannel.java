package io.gantry.source;

import io.gantry.io.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;

/**
 * A channel that says whose bytes could not be read.
 *
 * @param in what is read
 * @param name for people
 */
record NamedChannel(ReadableByteChannel in, String name) implements ReadableByteChannel {

  @Override
  public int read(ByteBuffer dst) throws IOException {
    try {
      return in.read(dst);
    } catch (ClosedChannelException | SourceException e) {
      throw e;
    } catch (IOException e) {
      throw new InputException(name, e);
    }
  }

  @Override
  public boolean isOpen() {
    return in.isOpen();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
