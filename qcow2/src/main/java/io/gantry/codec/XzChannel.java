package io.gantry.codec;

import io.gantry.image.ImageTooLargeException;
import io.gantry.image.Limits;
import io.gantry.image.MalformedImageException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.XZIOException;
import org.tukaani.xz.XZInputStream;

/** Decodes xz: all streams, with padding between them. */
final class XzChannel implements ReadableByteChannel {

  private final CountingChannel in;
  private final String name;
  private final Limits limits;
  private final byte[] buffer = new byte[128 << 10];
  private @Nullable XZInputStream decoder;

  XzChannel(ReadableByteChannel in, String name, Limits limits, int threads) {
    this.in = new CountingChannel(in);
    this.name = name;
    this.limits = limits;
  }

  @Override
  public int read(ByteBuffer dst) throws IOException {
    try {
      if (decoder == null) {
        decoder =
            new XZInputStream(Channels.newInputStream(in), (int) (limits.xzMemoryMax() >> 10));
      }
      int count = decoder.read(buffer, 0, Math.min(buffer.length, dst.remaining()));
      if (count > 0) {
        dst.put(buffer, 0, count);
      }
      return count;
    } catch (MemoryLimitException e) {
      throw new ImageTooLargeException("%s: xz: %s".formatted(name, e.getMessage()), e);
    } catch (XZIOException | EOFException e) {
      throw new MalformedImageException(
          "%s: xz: %s near compressed offset %d".formatted(name, e.getMessage(), in.count()), e);
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
