package io.gantry.codec;

import io.gantry.codec.XzTask.BlockEnd;
import io.gantry.codec.XzTask.Failed;
import io.gantry.codec.XzTask.Piece;
import io.gantry.codec.XzTask.Result;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Puts what several decoders produce back in order.
 *
 * <p>A failure stands in line like the bytes: it is thrown behind the last byte before it, however
 * early it was found.
 */
final class XzOrdered implements XzDelivery {

  /** More than any number of decoders; small blocks that are finished wait here as well. */
  private static final int TASKS_MAX = 64;

  /** Stands behind the last task: the file has been verified, or has failed. */
  private sealed interface Turn {}

  private record TaskTurn(XzTask task) implements Turn {}

  private record EndTurn(@Nullable Throwable failure) implements Turn {}

  private final BlockingQueue<Turn> turns = new ArrayBlockingQueue<>(TASKS_MAX);
  private final XzPiecePool pool = new XzPiecePool(XzMemory.available().pieceBytes());
  private @Nullable Turn turn;
  private @Nullable XzBytes piece;

  @Override
  public void begin(XzTask task) throws InterruptedException {
    turns.put(new TaskTurn(task));
  }

  @Override
  public boolean run(XzTask task) {
    try {
      XzBlockDecoder decoder = task.decoder();
      ByteBuffer bytes = ByteBuffer.wrap(pool.take(task));
      while (decoder.fill(bytes)) {
        task.results().add(new Piece(new XzBytes(bytes.array(), bytes.position())));
        bytes = ByteBuffer.wrap(pool.take(task));
      }
      pool.give(bytes.array());
      task.results().add(new BlockEnd());
      return true;
    } catch (Throwable e) {
      task.results().add(new Failed(e));
      return false;
    }
  }

  @Override
  public void ended(long length) throws InterruptedException {
    turns.put(new EndTurn(null));
  }

  @Override
  public void failed(Throwable failure) {
    try {
      turns.put(new EndTurn(failure));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // being closed: nobody reads any more
    }
  }

  @Override
  public void stop() {
    pool.stop();
  }

  /** Reads the next bytes; -1 at the verified end. */
  int read(ByteBuffer dst) throws IOException {
    XzBytes from = piece();
    return from == null ? -1 : from.read(dst);
  }

  private @Nullable XzBytes piece() throws IOException {
    if (piece != null && piece.hasRemaining()) {
      return piece;
    }
    if (piece != null) {
      pool.give(piece.array());
      piece = null;
    }
    try {
      piece = nextPiece();
      return piece;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for decoded bytes");
    }
  }

  private @Nullable XzBytes nextPiece() throws IOException, InterruptedException {
    while (true) {
      if (turn == null) {
        turn = turns.take();
      }
      switch (turn) {
        case EndTurn(Throwable failure) when failure != null -> throw Failures.rethrow(failure);
        case EndTurn _ -> {
          return null;
        }
        case TaskTurn(XzTask task) -> {
          pool.turnOf(task);
          Result result = task.results().take();
          switch (result) {
            case Piece(XzBytes bytes) -> {
              return bytes;
            }
            case BlockEnd _ -> turn = null;
            case Failed(Throwable failure) -> turn = new EndTurn(failure);
          }
        }
      }
    }
  }
}
