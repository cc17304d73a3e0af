package io.gantry.codec;

import io.gantry.image.MalformedImageException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** Gzip by the JDK, until our own decoder takes over. */
final class JdkGzipChannel implements ReadableByteChannel {

  private final CountingChannel in;
  private final String name;
  private final byte[] buffer = new byte[128 << 10];
  private @Nullable GZIPInputStream decoder;

  JdkGzipChannel(ReadableByteChannel in, String name) {
    this.in = new CountingChannel(in);
    this.name = name;
  }

  @Override
  public int read(ByteBuffer dst) throws IOException {
    try {
      if (decoder == null) {
        decoder = new GZIPInputStream(Channels.newInputStream(in), 128 << 10);
      }
      int count = decoder.read(buffer, 0, Math.min(buffer.length, dst.remaining()));
      if (count > 0) {
        dst.put(buffer, 0, count);
      }
      return count;
    } catch (ZipException | EOFException e) {
      throw new MalformedImageException(
          "%s: gz: %s near compressed offset %d".formatted(name, e.getMessage(), in.count()), e);
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
