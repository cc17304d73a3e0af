package io.gantry.journal;

import io.gantry.target.ForwardingTarget;
import io.gantry.target.Target;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Keeps what is written to the end of the disk in memory until the disk is finished. */
final class WithheldTail extends ForwardingTarget {

  private final Target target;
  private final long tailStart;
  private final ByteBuffer tail;

  /**
   * @param length bytes at the end of a disk of {@code diskSize} bytes that are withheld
   */
  WithheldTail(Target target, long diskSize, int length) {
    this.target = target;
    this.tailStart = diskSize - length;
    this.tail = ByteBuffer.allocateDirect(length);
  }

  @Override
  protected Target inside() {
    return target;
  }

  @Override
  public void write(long offset, ByteBuffer src) throws IOException {
    int before = Math.clamp(tailStart - offset, 0, src.remaining());
    if (before > 0) {
      int end = src.limit();
      target.write(offset, src.limit(src.position() + before));
      src.limit(end);
    }
    if (src.hasRemaining()) {
      keep(offset + before, src);
    }
  }

  private synchronized void keep(long offset, ByteBuffer src) {
    int at = (int) (offset - tailStart);
    tail.put(at, src, src.position(), src.remaining());
    src.position(src.limit());
  }

  @Override
  public void zero(long offset, long length) throws IOException {
    long before = Math.clamp(tailStart - offset, 0L, length);
    if (before > 0) {
      target.zero(offset, before);
    }
    if (length > before) {
      keep(offset + before, ByteBuffer.allocate((int) (length - before)));
    }
  }

  @Override
  public void readFully(long offset, ByteBuffer dst) throws IOException {
    if (isFinished()) {
      target.readFully(offset, dst);
      return;
    }
    int before = Math.clamp(tailStart - offset, 0, dst.remaining());
    if (before > 0) {
      int end = dst.limit();
      target.readFully(offset, dst.limit(dst.position() + before));
      dst.limit(end);
    }
    if (dst.hasRemaining()) {
      recall(offset + before, dst);
    }
  }

  private synchronized void recall(long offset, ByteBuffer dst) {
    dst.put(tail.slice((int) (offset - tailStart), dst.remaining()));
  }

  @Override
  public void finish() throws IOException {
    synchronized (this) {
      target.write(tailStart, tail.duplicate());
    }
    target.finish();
  }
}
