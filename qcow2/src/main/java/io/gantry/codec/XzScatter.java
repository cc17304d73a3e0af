package io.gantry.codec;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** Hands what several decoders produce to a sink as it comes, from the decoders' own threads. */
final class XzScatter implements XzDelivery {

  /** Smaller ones take 2 % more processor time, larger ones more memory. */
  private static final int PIECE_BYTES = 256 << 10;

  private final PositionedSink sink;

  /**
   * Pieces that nobody uses, at most one for each thread that decodes. They lie outside the heap,
   * so that writing one does not copy it once more.
   */
  private final Queue<ByteBuffer> pieces = new ConcurrentLinkedQueue<>();

  private final CompletableFuture<Long> result = new CompletableFuture<>();

  /** Tasks begun and not finished; one more until the file has been read to its end. */
  private final AtomicInteger pending = new AtomicInteger(1);

  private volatile long length;

  XzScatter(PositionedSink sink) {
    this.sink = sink;
  }

  @Override
  public void begin(XzTask task) {
    pending.incrementAndGet();
  }

  @Override
  public boolean run(XzTask task) {
    try {
      XzBlockDecoder decoder = task.decoder();
      long at = task.start() + decoder.uncompressed();
      long zeros = decoder.skipZeros();
      if (zeros > 0) {
        requireGoingOn();
        sink.acceptZeros(at, zeros);
      } else {
        deliver(decoder, at);
      }
      finishOne();
      return true;
    } catch (Throwable e) {
      result.completeExceptionally(e);
      return false;
    }
  }

  private void deliver(XzBlockDecoder decoder, long start) throws IOException {
    ByteBuffer idle = pieces.poll();
    ByteBuffer piece = idle != null ? idle : ByteBuffer.allocateDirect(PIECE_BYTES);
    long at = start;
    while (decoder.fill(piece.clear())) {
      requireGoingOn();
      int count = piece.flip().remaining();
      sink.accept(at, piece);
      at += count;
    }
    pieces.add(piece);
  }

  private void requireGoingOn() throws ClosedChannelException {
    if (isOver()) {
      throw new ClosedChannelException();
    }
  }

  @Override
  public void ended(long total) {
    length = total;
    finishOne();
  }

  private void finishOne() {
    if (pending.decrementAndGet() == 0) {
      result.complete(length);
    }
  }

  @Override
  public void failed(Throwable failure) {
    result.completeExceptionally(failure);
  }

  @Override
  public void stop() {
    result.completeExceptionally(new ClosedChannelException());
  }

  /** Says whether nothing more is to be delivered: all is done, or something has failed. */
  boolean isOver() {
    return result.isDone();
  }

  /** Waits until all is delivered and verified, or something has failed; that is thrown. */
  long await() throws IOException {
    try {
      return result.get();
    } catch (ExecutionException e) {
      throw Failures.rethrow(Objects.requireNonNullElse(e.getCause(), e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while decoding xz");
    }
  }
}
