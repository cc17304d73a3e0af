package io.gantry.registry;

import io.gantry.image.MalformedImageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/** The content of one member of a tar, all of it or an exception. */
final class MemberChannel implements ReadableByteChannel {

  private static final int BOUNCE_LENGTH = 64 << 10;

  private final TarMembers tar;
  private final ReadableByteChannel layer;
  private final String name;
  private final long length;
  private long position;
  private byte @Nullable [] bounce;

  /**
   * @param layer what the tar is read from, closed with this
   * @param length bytes that the member has with its holes filled in
   */
  MemberChannel(TarMembers tar, ReadableByteChannel layer, String name, long length) {
    this.tar = tar;
    this.layer = layer;
    this.name = name;
    this.length = length;
  }

  @Override
  public int read(ByteBuffer dst) throws IOException {
    if (position == length) {
      return -1;
    }
    int wanted = (int) Math.min(dst.remaining(), length - position);
    if (wanted == 0) {
      return 0;
    }
    int count = receive(dst, wanted);
    if (count < 0) {
      throw new MalformedImageException(
          "%s ends at byte %d of %d".formatted(name, position, length));
    }
    position += count;
    return count;
  }

  private int receive(ByteBuffer dst, int wanted) throws IOException {
    if (dst.hasArray()) {
      int count = tar.read(dst.array(), dst.arrayOffset() + dst.position(), wanted);
      dst.position(dst.position() + Math.max(count, 0));
      return count;
    }
    if (bounce == null) {
      bounce = new byte[BOUNCE_LENGTH];
    }
    int count = tar.read(bounce, 0, Math.min(wanted, BOUNCE_LENGTH));
    dst.put(bounce, 0, Math.max(count, 0));
    return count;
  }

  @Override
  public boolean isOpen() {
    return layer.isOpen();
  }

  @Override
  public void close() throws IOException {
    layer.close();
  }
}
