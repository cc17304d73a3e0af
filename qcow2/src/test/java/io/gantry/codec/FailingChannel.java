package io.gantry.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** Delivers some bytes of another channel, then fails. */
final class FailingChannel implements ReadableByteChannel {

  private final ReadableByteChannel in;
  private final IOException failure;
  private long remaining;

  FailingChannel(ReadableByteChannel in, long bytes, IOException failure) {
    this.in = in;
    this.remaining = bytes;
    this.failure = failure;
  }

  @Override
  public int read(ByteBuffer dst) throws IOException {
    if (remaining == 0) {
      throw failure;
    }
    int limit = dst.limit();
    dst.limit((int) Math.min(limit, dst.position() + remaining));
    try {
      int count = in.read(dst);
      remaining -= Math.max(count, 0);
      return count;
    } finally {
      dst.limit(limit);
    }
  }

  @Override
  public boolean isOpen() {
    return in.isOpen();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
