package io.gantry.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDirectBufferDecompressingStreamNoFinalizer;
import com.github.luben.zstd.ZstdIOException;
import io.gantry.image.ImageException;
import io.gantry.image.ImageTooLargeException;
import io.gantry.image.Limits;
import io.gantry.image.MalformedImageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;

/**
 * Decodes zstd (RFC 8878): all frames, skippable ones passed over, content checksums verified.
 *
 * <p>The decoder is the native library, the one native dependency of the engine. It reads the
 * window size from the frame header and compares it with our limit before it allocates the window.
 * A direct buffer is filled without a copy.
 */
final class ZstdChannel implements ReadableByteChannel {

  /** One block of the format, RFC 8878 section 3.1.1.2.4: nothing is gained by more. */
  private static final int BUFFER_BYTES = 128 << 10;

  private final CountingChannel in;
  private final String name;
  private final long windowMax;
  private final Frames frames;
  private final ByteBuffer staging = ByteBuffer.allocateDirect(BUFFER_BYTES).limit(0);
  private boolean inputEnded;
  private boolean open = true;

  ZstdChannel(ReadableByteChannel in, String name, Limits limits) throws IOException {
    this.in = new CountingChannel(in);
    this.name = name;
    this.windowMax = limits.zstdWindowMax();
    Libzstd.load();
    this.frames = new Frames(ByteBuffer.allocateDirect(BUFFER_BYTES).limit(0));
    frames.setLongMax(63 - Long.numberOfLeadingZeros(windowMax));
  }

  @Override
  public int read(ByteBuffer dst) throws IOException {
    if (!open) {
      throw new ClosedChannelException();
    }
    // Whoever looked at the first bytes into a heap buffer has left the rest of a block behind.
    return dst.isDirect() && !staging.hasRemaining() ? decode(dst) : readStaged(dst);
  }

  private int readStaged(ByteBuffer dst) throws IOException {
    if (!staging.hasRemaining()) {
      staging.clear();
      int count = decode(staging);
      staging.flip();
      if (count < 0) {
        return count;
      }
    }
    int count = Math.min(dst.remaining(), staging.remaining());
    dst.put(staging.slice(staging.position(), count));
    staging.position(staging.position() + count);
    return count;
  }

  /** Decodes at least one byte into {@code dst}, a direct buffer; -1 behind the last frame. */
  private int decode(ByteBuffer dst) throws IOException {
    int start = dst.position();
    while (dst.hasRemaining() && dst.position() == start) {
      if (!frames.hasRemaining()) {
        return -1;
      }
      boolean nothingToFeed = inputEnded;
      decodeSome(dst);
      if (nothingToFeed && dst.position() == start && frames.hasRemaining()) {
        throw new MalformedImageException(
            "%s: zst: ends inside a frame, at compressed offset %d".formatted(name, in.count()));
      }
    }
    return dst.position() - start;
  }

  private void decodeSome(ByteBuffer dst) throws IOException {
    try {
      frames.read(dst);
    } catch (ZstdIOException e) {
      throw refusal(e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void fill(ByteBuffer compressed) throws IOException {
    compressed.clear();
    while (!inputEnded && compressed.position() == 0) {
      inputEnded = in.read(compressed) < 0;
    }
    compressed.flip();
  }

  private ImageException refusal(ZstdIOException e) {
    if (e.getErrorCode() == Zstd.errFrameParameterWindowTooLarge()) {
      return new ImageTooLargeException(
          "%s: zst: a frame before compressed offset %d needs a window over the limit of %d bytes"
              .formatted(name, in.count(), windowMax),
          e);
    }
    return new MalformedImageException(
        "%s: zst: %s, before compressed offset %d".formatted(name, e.getMessage(), in.count()), e);
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() throws IOException {
    if (open) {
      open = false;
      frames.close();
      in.close();
    }
  }

  /** The library's decoder, which asks for input whenever its buffer has run empty. */
  private final class Frames extends ZstdDirectBufferDecompressingStreamNoFinalizer {

    Frames(ByteBuffer compressed) {
      super(compressed);
    }

    @Override
    protected ByteBuffer refill(ByteBuffer compressed) {
      try {
        fill(compressed);
        return compressed;
      } catch (IOException e) {
        throw new UncheckedIOException(e); // the library lets no other kind through
      }
    }
  }
}
