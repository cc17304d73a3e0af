package io.gantry.transfer;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** A fixed number of direct buffers that go round between the reader of a stream and workers. */
final class ChunkPool {

  private static final long LOOK_MILLIS = 20;

  private final BlockingQueue<ByteBuffer> free;

  ChunkPool(int count, int bytesEach) {
    free = new ArrayBlockingQueue<>(count);
    for (int i = 0; i < count; i++) {
      free.add(ByteBuffer.allocateDirect(bytesEach));
    }
  }

  /** Takes an empty buffer, waiting for one; throws the workers' failure instead. */
  ByteBuffer take(Workers workers) throws IOException {
    try {
      while (true) {
        ByteBuffer buffer = free.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (buffer != null) {
          return buffer.clear();
        }
        workers.checkFailure();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for the workers");
    }
  }

  void giveBack(ByteBuffer buffer) {
    free.add(buffer);
  }
}
