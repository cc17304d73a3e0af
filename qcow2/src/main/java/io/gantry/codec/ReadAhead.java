package io.gantry.codec;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads a channel ahead in a thread of its own, so that what is in front of it and what is behind
 * it run side by side.
 *
 * <p>A ring of direct buffers goes round between the two threads, and their sum is all the memory
 * it takes. What the upstream throws is thrown here, behind the last byte read before it. A slow
 * upstream (a pipe) is not waited for: while the reader starves, part of a buffer is handed on.
 *
 * <p>Read by one thread. Closing stops the other one, also in the middle of a blocked read, and
 * closes the upstream.
 */
public final class ReadAhead implements ReadableByteChannel {

  /** Pieces of 256 KiB stay in the second-level cache; smaller ones cost more handing over. */
  public static final int BUFFER_BYTES = 256 << 10;

  public static final int BUFFER_COUNT = 4;

  /** An upstream that does not return from a read when closed is left to its daemon thread. */
  private static final long JOIN_MILLIS = 5_000;

  /** What the reading thread hands over: bytes, and at last how the upstream ended. */
  private record Filled(ByteBuffer bytes, boolean last, @Nullable Throwable failure) {}

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final ReadableByteChannel in;
  private final BlockingQueue<ByteBuffer> empty;
  private final BlockingQueue<Filled> filled;
  private final Thread thread;
  private volatile boolean closed;
  private @Nullable Filled current;

  public ReadAhead(ReadableByteChannel in, String name) {
    this(in, name, BUFFER_COUNT, BUFFER_BYTES);
  }

  /**
   * Starts reading.
   *
   * @param name of the upstream, seen in thread dumps
   */
  public ReadAhead(ReadableByteChannel in, String name, int bufferCount, int bufferBytes) {
    this.in = in;
    this.empty = new ArrayBlockingQueue<>(bufferCount);
    this.filled = new ArrayBlockingQueue<>(bufferCount + 1);
    for (int i = 0; i < bufferCount; i++) {
      empty.add(ByteBuffer.allocateDirect(bufferBytes));
    }
    this.thread = Thread.ofPlatform().daemon().name("read-ahead " + name).start(this::readAll);
  }

  @Override
  public int read(ByteBuffer dst) throws IOException {
    ByteBuffer bytes = next();
    if (bytes == null) {
      return -1;
    }
    int count = Math.min(dst.remaining(), bytes.remaining());
    dst.put(bytes.slice(bytes.position(), count));
    bytes.position(bytes.position() + count);
    return count;
  }

  /**
   * Returns the buffer that holds the next bytes, without copying them; null at the end. It is
   * direct and belongs to the ring: the caller moves its position behind what he has used, and it
   * is his until he calls again with nothing remaining in it.
   */
  public @Nullable ByteBuffer next() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    while (current == null || !current.bytes().hasRemaining()) {
      if (current != null && current.last()) {
        if (current.failure() != null) {
          throw Failures.rethrow(current.failure());
        }
        return null;
      }
      handBack();
      current = takeFilled();
    }
    return current.bytes();
  }

  /**
   * Waits until {@link #next} returns at once: there are bytes, or the end has been reached.
   *
   * @return false when {@code millis} have passed without
   */
  public boolean await(long millis) throws IOException {
    if (current != null && (current.last() || current.bytes().hasRemaining())) {
      return true;
    }
    handBack();
    try {
      current = filled.poll(millis, TimeUnit.MILLISECONDS);
      return current != null;
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private void handBack() {
    if (current != null) {
      empty.add(current.bytes());
      current = null;
    }
  }

  private Filled takeFilled() throws IOException {
    try {
      return filled.take();
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private InterruptedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted while waiting for " + thread.getName());
  }

  private void readAll() {
    boolean last = false;
    while (!last) {
      ByteBuffer buffer = NOTHING;
      Throwable failure = null;
      try {
        buffer = empty.take().clear();
        last = fill(buffer);
      } catch (InterruptedException e) {
        failure = new ClosedChannelException();
      } catch (Throwable e) {
        failure = e;
      }
      last |= failure != null;
      filled.add(new Filled(buffer.flip(), last, failure));
    }
  }

  /** Fills the buffer while the reader has other ones to go on with; true at the end. */
  private boolean fill(ByteBuffer buffer) throws IOException {
    int count;
    do {
      count = in.read(buffer);
    } while (count >= 0 && buffer.hasRemaining() && !(filled.isEmpty() && buffer.position() > 0));
    return count < 0;
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    thread.interrupt();
    try {
      in.close();
    } finally {
      awaitEnd();
    }
  }

  private void awaitEnd() {
    try {
      thread.join(JOIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
