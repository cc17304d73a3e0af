package io.gantry.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * A channel, read by whoever asks and no further than one buffer. In a file, what nobody wants is
 * passed over without reading it.
 */
final class ChannelPieces implements Pieces {

  /** Headers lie close together in layers of small files; larger pieces leave the cache. */
  private static final int BUFFER_BYTES = 64 << 10;

  private final ReadableByteChannel in;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);

  ChannelPieces(ReadableByteChannel in) {
    this.in = in;
  }

  @Override
  public @Nullable ByteBuffer next() throws IOException {
    if (!buffer.hasRemaining()) {
      buffer.clear();
      int count = 0;
      while (count == 0) {
        count = in.read(buffer);
      }
      buffer.flip();
    }
    return buffer.hasRemaining() ? buffer : null;
  }

  @Override
  public long skip(long length) throws IOException {
    if (buffer.hasRemaining() || !(in instanceof SeekableByteChannel file)) {
      return 0;
    }
    long count = Math.min(length, Math.max(0, file.size() - file.position()));
    file.position(file.position() + count);
    return count;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
