package io.gantry.codec;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The compressed bytes of one block on their way from the thread that reads the file to the one
 * that decodes the block. Its length is bounded by the pool that the chunks come from.
 */
final class XzChunks extends InputStream {

  private final XzChunkPool pool;
  private final Queue<XzBytes> queue = new ArrayDeque<>();
  private boolean closed;
  private @Nullable IOException failure;

  /** The reader's own. */
  private @Nullable XzBytes current;

  XzChunks(XzChunkPool pool) {
    this.pool = pool;
  }

  /** Hands over a chunk of the pool. */
  synchronized void put(byte[] chunk, int length) {
    if (closed) {
      pool.give(chunk);
      return;
    }
    queue.add(new XzBytes(chunk, length));
    notifyAll();
  }

  /** Lets the reader fail with {@code e} where the bytes end. */
  synchronized void fail(IOException e) {
    failure = e;
    notifyAll();
  }

  @Override
  public int read() throws IOException {
    return chunk().read();
  }

  @Override
  public int read(byte[] dst, int offset, int length) throws IOException {
    return length == 0 ? 0 : chunk().read(dst, offset, length);
  }

  private XzBytes chunk() throws IOException {
    if (current != null && current.hasRemaining()) {
      return current;
    }
    giveCurrent();
    XzBytes chunk = takeChunk();
    current = chunk;
    return chunk;
  }

  private void giveCurrent() {
    if (current != null) {
      pool.give(current.array());
      current = null;
    }
  }

  private synchronized XzBytes takeChunk() throws IOException {
    while (true) {
      XzBytes chunk = queue.poll();
      if (chunk != null) {
        return chunk;
      }
      if (failure != null) {
        throw failure;
      }
      if (closed) {
        throw new ClosedChannelException();
      }
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while waiting for compressed bytes");
      }
    }
  }

  /** Ends reading: the reader's own way of {@link #abort}. */
  @Override
  public void close() {
    giveCurrent();
    abort();
  }

  /** Throws away what has not been read, and what may still come. Ends a blocked read. */
  synchronized void abort() {
    closed = true;
    for (XzBytes chunk : queue) {
      pool.give(chunk.array());
    }
    queue.clear();
    notifyAll();
  }
}
