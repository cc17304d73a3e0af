package io.gantry.registry;

import io.gantry.image.MalformedImageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;

/**
 * The bytes of a tar, as its reader wants them, with a bound on what headers may take: long names
 * and attributes are kept in memory by the reader, however long they claim to be.
 */
final class TarBytes extends InputStream {

  /** Names have 4 KiB at most; sparse files of many pieces have the largest headers. */
  private static final long HEADERS_MAX = 4 << 20;

  private static final int PIECE = 64 << 10;

  private final ReadableByteChannel in;
  private final ByteBuffer buffer = ByteBuffer.allocate(PIECE).limit(0);
  private long position;
  private long headerEnd = Long.MAX_VALUE;

  TarBytes(ReadableByteChannel in) {
    this.in = in;
  }

  /** Returns how far the tar has been read. */
  long position() {
    return position;
  }

  /**
   * Bounds what may be read until the next member is found.
   *
   * @param contentLeft of the member before, which is passed over first
   */
  void expectHeaders(long contentLeft) {
    long end = position + contentLeft + HEADERS_MAX;
    headerEnd = end < 0 ? Long.MAX_VALUE : end;
  }

  /** Lifts the bound: content follows. */
  void expectContent() {
    headerEnd = Long.MAX_VALUE;
  }

  @Override
  public int read() throws IOException {
    return fill() ? take(1, buffer.get() & 0xff) : -1;
  }

  private int take(int count, int result) throws IOException {
    position += count;
    if (position > headerEnd) {
      throw new MalformedImageException(
          "a tar has more than %d bytes of headers before one member".formatted(HEADERS_MAX));
    }
    return result;
  }

  /**
   * Reads all that is wanted, or up to the end: the reader of sparse members takes less for the end
   * of a piece, and would put what follows into the wrong place.
   */
  @Override
  public int read(byte[] dst, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      int count = readSome(dst, offset + done, length - done);
      if (count < 0) {
        break;
      }
      done += count;
    }
    return done == 0 && length > 0 ? -1 : take(done, done);
  }

  private int readSome(byte[] dst, int offset, int length) throws IOException {
    if (!buffer.hasRemaining() && length >= PIECE) {
      return in.read(ByteBuffer.wrap(dst, offset, length));
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, buffer.remaining());
    buffer.get(dst, offset, count);
    return count;
  }

  /** Passes over bytes, without reading them where the tar is a file. */
  @Override
  public long skip(long length) throws IOException {
    if (length <= 0) {
      return 0;
    }
    if (!buffer.hasRemaining() && in instanceof SeekableByteChannel file) {
      long count = Math.min(length, Math.max(0, file.size() - file.position()));
      file.position(file.position() + count);
      position += count;
      return count;
    }
    if (!fill()) {
      return 0;
    }
    int count = (int) Math.min(length, buffer.remaining());
    buffer.position(buffer.position() + count);
    take(count, count);
    return count;
  }

  private boolean fill() throws IOException {
    if (buffer.hasRemaining()) {
      return true;
    }
    buffer.clear();
    int count = in.read(buffer);
    buffer.flip();
    return count > 0;
  }
}
