package io.gantry.transfer;

import io.gantry.codec.ReadAhead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.util.OptionalInt;

/**
 * A source's stream that outlives its reader: closing it ends reading and no more, so that the rest
 * can still be read when the beginning could not be decoded. Whoever made it lets it go in the end.
 *
 * <p>It stands in front of the thread that reads ahead, not behind it: threads that decode are
 * interrupted when decoding fails, and a channel of the JDK is closed by an interrupt in the middle
 * of a read. Waiting for that thread survives one.
 */
final class LastingStream implements ReadableByteChannel {

  private static final int PIECE = 64 << 10;

  /** How long a reader whose source stalls goes without looking whether it is still wanted. */
  private static final long LOOK_MILLIS = 20;

  private final ReadAhead in;
  private volatile boolean closed;

  LastingStream(ReadAhead in) {
    this.in = in;
  }

  @Override
  public int read(ByteBuffer dst) throws IOException {
    while (!closed) {
      OptionalInt count = readOn(dst);
      if (count.isPresent()) {
        return count.getAsInt();
      }
    }
    throw new ClosedChannelException();
  }

  /** Reads all that has not been read. */
  void drain() throws IOException {
    ByteBuffer piece = ByteBuffer.allocate(PIECE);
    OptionalInt count;
    do {
      count = readOn(piece.clear());
    } while (count.orElse(0) >= 0);
  }

  /**
   * Reads on, unless the source keeps it waiting. Its reader may still be here when it has been
   * closed and is drained by another thread.
   */
  private synchronized OptionalInt readOn(ByteBuffer dst) throws IOException {
    return in.await(LOOK_MILLIS) ? OptionalInt.of(in.read(dst)) : OptionalInt.empty();
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
