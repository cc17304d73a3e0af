package io.gantry.transfer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;

/**
 * A source's stream that outlives its reader: closing it ends reading and no more, so that the rest
 * can still be read when the beginning could not be decoded. Whoever made it lets it go in the end.
 */
final class LastingStream implements ReadableByteChannel {

  private static final int PIECE = 64 << 10;

  private final ReadableByteChannel in;
  private volatile boolean closed;

  LastingStream(ReadableByteChannel in) {
    this.in = in;
  }

  @Override
  public int read(ByteBuffer dst) throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    return readOn(dst);
  }

  /** A reader may be in the middle of it when it has been closed. */
  private synchronized int readOn(ByteBuffer dst) throws IOException {
    return in.read(dst);
  }

  /** Reads all that has not been read. */
  void drain() throws IOException {
    ByteBuffer piece = ByteBuffer.allocate(PIECE);
    while (readOn(piece.clear()) >= 0) {
      // nobody wants it but whoever observes the stream
    }
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public void close() {
    closed = true;
  }

  /** Closes the stream itself. */
  void letGo() {
    try {
      in.close();
    } catch (IOException _) {
      // All that was wanted of it has been read, or another failure is told.
    }
  }
}
