package io.gantry.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;

/** The whole file in order, over as many requests as it takes. */
final class ResumingChannel implements ReadableByteChannel {

  private final ResumingReader reader;
  private volatile boolean open = true;

  ResumingChannel(RangedFile file) {
    this.reader = new ResumingReader(file, 0, file.size(), _ -> {});
  }

  @Override
  public int read(ByteBuffer dst) throws IOException {
    if (!open) {
      throw new ClosedChannelException();
    }
    return reader.read(dst);
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
    reader.close();
  }
}
