package io.gantry.codec;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/** Buffers for compressed bytes read ahead, a bounded number of them. */
final class XzChunkPool {

  static final int CHUNK_BYTES = 64 << 10;

  private final Semaphore free;
  private final Queue<byte[]> spare = new ConcurrentLinkedQueue<>();

  XzChunkPool(long bytes) {
    this.free = new Semaphore(Math.toIntExact(Math.max(2, bytes / CHUNK_BYTES)));
  }

  byte[] take() throws InterruptedException {
    free.acquire();
    byte[] chunk = spare.poll();
    return chunk != null ? chunk : new byte[CHUNK_BYTES];
  }

  void give(byte[] chunk) {
    spare.add(chunk);
    free.release();
  }
}
