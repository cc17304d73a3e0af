package io.gantry.codec;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Buffers for decoded bytes, a bounded number of them. Some are kept back for the block whose turn
 * it is, so that blocks ahead of it can never use them all up and make it wait for ever.
 */
final class XzPiecePool {

  static final int PIECE_BYTES = 128 << 10;

  private static final int KEPT_BACK = 4;

  private final Queue<byte[]> spare = new ArrayDeque<>();
  private int free;
  private boolean stopped;
  private @Nullable XzTask turn;

  XzPiecePool(long bytes) {
    this.free = Math.toIntExact(Math.max(2 * KEPT_BACK, bytes / PIECE_BYTES));
  }

  synchronized byte[] take(XzTask task) throws IOException {
    while (!stopped && free <= (task.equals(turn) ? 0 : KEPT_BACK)) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        stopped = true;
      }
    }
    if (stopped) {
      throw new ClosedChannelException();
    }
    free--;
    byte[] piece = spare.poll();
    return piece != null ? piece : new byte[PIECE_BYTES];
  }

  synchronized void give(byte[] piece) {
    spare.add(piece);
    free++;
    notifyAll();
  }

  /** Says whose pieces are delivered now. */
  synchronized void turnOf(XzTask task) {
    turn = task;
    notifyAll();
  }

  /** Lets every taker, waiting or to come, fail. */
  synchronized void stop() {
    stopped = true;
    notifyAll();
  }
}
