package io.gantry.codec;

import io.gantry.image.Limits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.ArrayCache;

/** Decodes xz: all streams, with padding between them. */
final class XzChannel implements ReadableByteChannel {

  private static final int PIECE_BYTES = 64 << 10;

  private final XzInput in;
  private final XzStreams streams;
  private final Limits limits;
  private final ArrayCache arrays = new XzArrays(1);
  private final ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES).limit(0);
  private @Nullable XzBlockDecoder block;
  private boolean open = true;

  XzChannel(ReadableByteChannel in, String name, Limits limits, int threads) {
    this.in = new XzInput(in, name);
    this.streams = new XzStreams(this.in);
    this.limits = limits;
  }

  @Override
  public int read(ByteBuffer dst) throws IOException {
    if (!open) {
      throw new ClosedChannelException();
    }
    if (!piece.hasRemaining() && !decodePiece()) {
      return -1;
    }
    int count = Math.min(dst.remaining(), piece.remaining());
    dst.put(piece.slice(piece.position(), count));
    piece.position(piece.position() + count);
    return count;
  }

  private boolean decodePiece() throws IOException {
    while (true) {
      if (block == null) {
        XzBlock next = streams.next();
        if (next == null) {
          return false;
        }
        block = new XzBlockDecoder(next, in, in.name(), limits, arrays);
      }
      int count = block.read(piece.array(), 0, PIECE_BYTES);
      if (count >= 0) {
        piece.position(0).limit(count);
        return true;
      }
      streams.completed(block.unpaddedSize(), block.uncompressed());
      block = null;
    }
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() throws IOException {
    open = false;
    in.close();
  }
}
