package io.gantry.codec;

import io.gantry.image.MalformedImageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * The compressed bytes of an xz file, in order and counted.
 *
 * <p>The end of the input is an answer to {@link #atEnd} alone; to every read it is a malformed
 * image, since nothing in the format ends at the end of the input but stream padding.
 */
final class XzInput extends InputStream {

  /** Enough for headers; what is longer goes past it. */
  private static final int BUFFER_BYTES = 4 << 10;

  private final ReadableByteChannel in;
  private final String name;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
  private long bufferEnd;

  XzInput(ReadableByteChannel in, String name) {
    this.in = in;
    this.name = name;
  }

  String name() {
    return name;
  }

  /** Returns the compressed offset of the next byte. */
  long position() {
    return bufferEnd - buffer.remaining();
  }

  boolean atEnd() throws IOException {
    if (buffer.hasRemaining()) {
      return false;
    }
    buffer.clear();
    try {
      return readInto(buffer) < 0;
    } finally {
      buffer.flip();
    }
  }

  /** Reads at least one byte, unless there is none any more. */
  private int readInto(ByteBuffer dst) throws IOException {
    int count = 0;
    while (count == 0) {
      count = in.read(dst);
    }
    bufferEnd += Math.max(0, count);
    return count;
  }

  /** Returns the next byte, which stays; there must be one. */
  int peek() {
    return buffer.get(buffer.position()) & 0xff;
  }

  @Override
  public int read() throws IOException {
    requireMore();
    return buffer.get() & 0xff;
  }

  @Override
  public int read(byte[] dst, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (length >= BUFFER_BYTES && !buffer.hasRemaining()) {
      int count = readInto(ByteBuffer.wrap(dst, offset, length));
      if (count < 0) {
        throw endsEarly();
      }
      return count;
    }
    requireMore();
    int count = Math.min(length, buffer.remaining());
    buffer.get(dst, offset, count);
    return count;
  }

  void readFully(byte[] dst, int offset, int length) throws IOException {
    if (readNBytes(dst, offset, length) < length) {
      throw new AssertionError("a read neither delivered bytes nor failed");
    }
  }

  private void requireMore() throws IOException {
    if (atEnd()) {
      throw endsEarly();
    }
  }

  private MalformedImageException endsEarly() {
    return malformed("the file ends early");
  }

  /** Returns the exception for what was found just before the current position. */
  MalformedImageException malformed(String what) {
    return new MalformedImageException(
        "%s: xz: %s, at compressed offset %d".formatted(name, what, position()));
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
