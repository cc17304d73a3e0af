package io.gantry.codec;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** Hands what several decoders produce to a sink as it comes, from the decoders' own threads. */
final class XzScatter implements XzDelivery {

  /** Smaller ones take 2 % more processor time, larger ones more memory. */
  private static final int PIECE_BYTES = 256 << 10;

  private final PositionedSink sink;
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
        at += zeros;
      }
      byte[] piece = new byte[pieceBytes(decoder)];
      for (int count = decoder.fill(piece); count >= 0; count = decoder.fill(piece)) {
        requireGoingOn();
        sink.accept(at, ByteBuffer.wrap(piece, 0, count));
        at += count;
      }
      finishOne();
      return true;
    } catch (Throwable e) {
      result.completeExceptionally(e);
      return false;
    }
  }

  /** A file may have a hundred thousand blocks, each far smaller than a piece. */
  private static int pieceBytes(XzBlockDecoder decoder) {
    long size = decoder.block().header().uncompressedSize();
    long left = size < 0 ? PIECE_BYTES : size - decoder.uncompressed();
    return Math.clamp(left, 1, PIECE_BYTES);
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
