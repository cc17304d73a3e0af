package io.gantry.http;

import io.gantry.source.SourceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/** The body of the one answer there is: when it breaks, nothing can be put in its place. */
final class SingleAnswerChannel implements ReadableByteChannel {

  private static final int BOUNCE_LENGTH = 64 << 10;

  private final String name;
  private final Exchange answer;
  private long position;
  private volatile boolean open = true;
  private boolean ended;
  private byte @Nullable [] bounce;

  SingleAnswerChannel(String name, Exchange answer) {
    this.name = name;
    this.answer = answer;
  }

  @Override
  public int read(ByteBuffer dst) throws IOException {
    if (!open) {
      throw new ClosedChannelException();
    }
    if (ended || !dst.hasRemaining()) {
      return ended ? -1 : 0;
    }
    try {
      int count = receive(dst);
      if (count < 0) {
        ended = true;
        answer.finish();
        return -1;
      }
      position += count;
      return count;
    } catch (RequestException e) {
      answer.abort();
      if (!open || answer.isBrokenOff()) {
        throw Attempts.closed(name, e);
      }
      throw new SourceException(
          "%s: broke off at byte %d and cannot be resumed, start the transfer again: %s"
              .formatted(name, position, e.getMessage()),
          true,
          e);
    }
  }

  private int receive(ByteBuffer dst) throws RequestException {
    if (dst.hasArray()) {
      int at = dst.arrayOffset() + dst.position();
      int count = answer.read(dst.array(), at, dst.remaining());
      dst.position(dst.position() + Math.max(count, 0));
      return count;
    }
    if (bounce == null) {
      bounce = new byte[BOUNCE_LENGTH];
    }
    int count = answer.read(bounce, 0, Math.min(dst.remaining(), bounce.length));
    dst.put(bounce, 0, Math.max(count, 0));
    return count;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    boolean wasOpen = open;
    open = false;
    if (wasOpen && !ended) {
      answer.abort();
    }
  }
}
