package io.gantry.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** A channel whose first bytes have been looked at and are still delivered. */
public final class PeekedChannel implements ReadableByteChannel {

  private final ByteBuffer head;
  private final ByteBuffer undelivered;
  private final ReadableByteChannel rest;

  private PeekedChannel(ByteBuffer head, ReadableByteChannel rest) {
    this.head = head.asReadOnlyBuffer();
    this.undelivered = head;
    this.rest = rest;
  }

  /** Reads the first {@code length} bytes, or all there are, and keeps them for delivery. */
  public static PeekedChannel peek(ReadableByteChannel channel, int length) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(length);
    while (head.hasRemaining()) {
      if (channel.read(head) < 0) {
        break;
      }
    }
    return new PeekedChannel(head.flip(), channel);
  }

  /** Returns the first bytes; fewer than asked for only when there are no more. */
  public ByteBuffer head() {
    return head.duplicate();
  }

  /** Returns the channel behind, which goes on where {@link #head} ends. */
  ReadableByteChannel rest() {
    return rest;
  }

  @Override
  public int read(ByteBuffer dst) throws IOException {
    if (!undelivered.hasRemaining()) {
      return rest.read(dst);
    }
    int count = Math.min(dst.remaining(), undelivered.remaining());
    dst.put(undelivered.slice(undelivered.position(), count));
    undelivered.position(undelivered.position() + count);
    return count;
  }

  @Override
  public boolean isOpen() {
    return rest.isOpen();
  }

  @Override
  public void close() throws IOException {
    rest.close();
  }
}
