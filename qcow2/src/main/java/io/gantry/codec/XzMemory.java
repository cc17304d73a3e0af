package io.gantry.codec;

import java.util.concurrent.Semaphore;

/**
 * The memory of decoding xz on several cores, in three parts, so that their sum is seen in one
 * place.
 *
 * <p>A gigabyte should pass through a container of 192 MiB, Java included. Of the 80 MiB taken here
 * at most, 40 are for decoders: {@code xz -6} needs 8 each. 28 are for compressed bytes read ahead:
 * the second decoder starts when all of the first one's block (24 MiB with {@code -6}) has been
 * read. 12 are for decoded pieces waiting for their turn: a decoder that may be half a block ahead
 * of the one whose turn it is never waits for it. A smaller Java heap shrinks all three.
 *
 * @param decoderBytes for dictionaries and state
 * @param chunkBytes for compressed bytes
 * @param pieceBytes for decoded bytes in order; out of order they need not wait
 */
record XzMemory(long decoderBytes, long chunkBytes, long pieceBytes) {

  private static final long TOTAL_MAX = 80L << 20;

  /** What is available in this Java machine; five eighths of the heap at most. */
  static XzMemory available() {
    return of(Math.min(TOTAL_MAX, Runtime.getRuntime().maxMemory() / 8 * 5));
  }

  static XzMemory of(long total) {
    return new XzMemory(total / 20 * 10, total / 20 * 7, total / 20 * 3);
  }

  /** Returns the sum: decoders that read their own blocks and deliver at once get all of it. */
  long total() {
    return decoderBytes + chunkBytes + pieceBytes;
  }

  /** Hands out the memory of decoders, in KiB so that a semaphore can count it. */
  static final class Decoders {

    private final Semaphore free;
    private final int total;

    Decoders(long bytes) {
      this.total = Math.toIntExact(bytes >> 10);
      this.free = new Semaphore(total, true);
    }

    /**
     * Waits until {@code bytes} are free, and returns what {@link #release} takes back. A decoder
     * that needs more than there is, which its own limit allows, waits to be the only one.
     */
    int acquire(long bytes) throws InterruptedException {
      int share = (int) Math.min(total, Math.ceilDiv(bytes, 1024));
      free.acquire(share);
      return share;
    }

    void release(int share) {
      free.release(share);
    }
  }
}
