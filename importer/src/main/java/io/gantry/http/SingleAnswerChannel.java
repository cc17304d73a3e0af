package io.gantry.http;

import io.gantry.source.SourceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The body of the one answer there is: when it breaks, nothing can be put in its place. */
final class SingleAnswerChannel implements ReadableByteChannel {

  private static final int BOUNCE_LENGTH = 64 << 10;

  private final String name;
  private final Exchange answer;
  private final OptionalLong length;
  private long position;
  private volatile boolean open = true;
  private boolean ended;
  private byte @Nullable [] bounce;

  /**
   * Reads on in an answer.
   *
   * @param length as far as it is known; a body of another one is broken
   */
  SingleAnswerChannel(String name, Exchange answer, OptionalLong length) {
    this.name = name;
    this.answer = answer;
    this.length = length;
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
      position += Math.max(count, 0);
      checkLength(count < 0);
      if (count < 0) {
        ended = true;
        answer.finish();
      }
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

  private void checkLength(boolean atEnd) throws RequestException {
    long told = length.orElse(position);
    if (position > told || (atEnd && position < told)) {
      throw new RequestException(
          RequestException.Kind.TRANSIENT,
          answer.at(),
          "the server told of %d bytes".formatted(told));
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
