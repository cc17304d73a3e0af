package io.gantry.registry;

import io.gantry.io.RandomAccessInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;

/** A stretch of a file in order; one that reaches past its end is an error when it gets there. */
final class RangeChannel implements ReadableByteChannel {

  private final RandomAccessInput input;
  private final long end;
  private long position;
  private volatile boolean open = true;

  RangeChannel(RandomAccessInput input, long offset, long length) {
    this.input = input;
    this.position = offset;
    this.end = offset + length;
  }

  @Override
  public int read(ByteBuffer dst) throws IOException {
    if (!open) {
      throw new ClosedChannelException();
    }
    if (position == end) {
      return -1;
    }
    int count = (int) Math.min(dst.remaining(), end - position);
    input.readFully(position, dst.slice(dst.position(), count));
    dst.position(dst.position() + count);
    position += count;
    return count;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
  }
}
