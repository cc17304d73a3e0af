package io.gantry.codec;

import io.gantry.io.RandomAccessInput;
import io.gantry.io.RangeReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Reads one block of an input that is read by ranges, in one request. */
final class XzRange extends InputStream {

  private static final int BUFFER_BYTES = 64 << 10;

  private final RangeReader range;
  private final ByteBuffer buffer;
  private long left;

  XzRange(RandomAccessInput input, long start, long end) throws IOException {
    this.range = input.openRange(start, end);
    this.left = end - start;
    this.buffer = ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, left)).limit(0);
  }

  private boolean atEnd() throws IOException {
    if (!buffer.hasRemaining() && left > 0) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), left));
      range.readFully(buffer);
      buffer.flip();
      left -= buffer.remaining();
    }
    return !buffer.hasRemaining();
  }

  @Override
  public int read() throws IOException {
    return atEnd() ? -1 : buffer.get() & 0xff;
  }

  @Override
  public int read(byte[] dst, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (atEnd()) {
      return -1;
    }
    int count = Math.min(length, buffer.remaining());
    buffer.get(dst, offset, count);
    return count;
  }

  @Override
  public void close() throws IOException {
    range.close();
  }
}
