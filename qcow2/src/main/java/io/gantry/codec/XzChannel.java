package io.gantry.codec;

import io.gantry.image.Limits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Decodes xz: all streams, with padding between them.
 *
 * <p>Begins on the reader's thread. Once more has been read than anybody wants to look at, and
 * blocks say how long they are, several threads decode side by side. The reader can then no longer
 * ask for delivery out of order.
 */
final class XzChannel implements ScatterChannel {

  private static final int PIECE_BYTES = 64 << 10;

  /** Enough to tell what is inside, even when that is compressed again. */
  private static final int BEGINNING_BYTES = 2 * PIECE_BYTES;

  private final XzInput in;
  private final XzStreams streams;
  private final int threads;
  private final XzShared shared;
  private final ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES).limit(0);
  private @Nullable XzBlockDecoder block;
  private volatile @Nullable XzPump pump;
  private @Nullable XzOrdered ordered;

  /** Where the block begins, or the next one when there is none. */
  private long blockStart;

  private long delivered;
  private volatile boolean open = true;

  XzChannel(ReadableByteChannel in, String name, Limits limits, int threads) {
    this.in = new XzInput(in, name);
    this.streams = new XzStreams(this.in);
    this.threads = threads;
    this.shared = XzShared.of(limits, threads);
  }

  @Override
  public int read(ByteBuffer dst) throws IOException {
    requireOpen();
    if (piece.hasRemaining() || (ordered == null && decodePiece())) {
      int count = Math.min(dst.remaining(), piece.remaining());
      dst.put(piece.slice(piece.position(), count));
      piece.position(piece.position() + count);
      delivered += count;
      return count;
    }
    return ordered != null ? ordered.read(dst) : -1;
  }

  /** Decodes some more here; false at the end, and when other threads have taken over. */
  private boolean decodePiece() throws IOException {
    while (true) {
      XzBlockDecoder decoder = block != null ? block : beginBlock();
      if (decoder == null) {
        return false;
      }
      if (threads > 1 && delivered >= BEGINNING_BYTES && XzPump.canHandOn(decoder.block())) {
        ordered = new XzOrdered();
        startPump(ordered);
        return false;
      }
      int count = decoder.read(piece.duplicate().clear()); // empty as before when that fails
      if (count >= 0) {
        piece.position(0).limit(count);
        return true;
      }
      streams.completed(decoder.unpaddedSize(), decoder.uncompressed());
      blockStart += decoder.uncompressed();
      block = null;
    }
  }

  private @Nullable XzBlockDecoder beginBlock() throws IOException {
    XzBlock next = streams.next();
    block = next == null ? null : new XzBlockDecoder(next, in, in.name(), shared);
    return block;
  }

  private XzPump startPump(XzDelivery delivery) {
    XzPump started = new XzPump(in, streams, threads, shared, delivery, block, blockStart);
    pump = started;
    block = null;
    return started;
  }

  @Override
  public long scatter(PositionedSink sink) throws IOException {
    requireOpen();
    if (pump != null) {
      throw new IllegalStateException("too much has been read in order: " + delivered + " bytes");
    }
    if (piece.hasRemaining()) {
      sink.accept(delivered, piece);
    }
    XzScatter scatter = new XzScatter(sink);
    startPump(scatter);
    try {
      return scatter.await();
    } finally {
      close();
    }
  }

  private void requireOpen() throws ClosedChannelException {
    if (!open) {
      throw new ClosedChannelException();
    }
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() throws IOException {
    open = false;
    if (pump != null) {
      pump.close();
    } else {
      in.close();
    }
  }
}
