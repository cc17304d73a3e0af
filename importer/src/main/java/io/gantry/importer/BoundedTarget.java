package io.gantry.importer;

import io.gantry.target.ForwardingTarget;
import io.gantry.target.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * A target of which only a part may be used: the size that was asked for, the free space.
 *
 * <p>A disk of a known size that does not fit is refused before the first byte. When a stream that
 * does not tell its length turns out too long, nothing more is written, but the rest is counted for
 * a while: the one who has to ask for a larger volume wants to know how large.
 */
final class BoundedTarget extends ForwardingTarget {

  /** As long as the reference gives the inspection of an image. */
  private static final Duration COUNTING = Duration.ofSeconds(30);

  private final Target target;
  private final long available;
  private final Duration counting;
  private volatile long diskSize;
  private volatile long countUntilNanos;

  BoundedTarget(Target target, long available) {
    this(target, available, COUNTING);
  }

  /**
   * @param counting how long to go on when the disk is known not to fit
   */
  BoundedTarget(Target target, long available, Duration counting) {
    this.target = target;
    this.available = available;
    this.counting = counting;
  }

  @Override
  protected Target inside() {
    return target;
  }

  /** Says that the disk does not fit, if that is known by now. */
  void requireFits() throws DiskTooLargeException {
    if (isTooLarge()) {
      throw new DiskTooLargeException(diskSize, available);
    }
  }

  private boolean isTooLarge() {
    return diskSize > available;
  }

  /** Returns how many bytes may have been written. */
  long diskSize() {
    return Math.min(diskSize, available);
  }

  @Override
  public void prepare(long diskSize) throws IOException {
    this.diskSize = diskSize;
    requireFits();
    target.prepare(diskSize);
  }

  @Override
  public synchronized void grow(long diskSize) throws IOException {
    boolean wasTooLarge = isTooLarge();
    this.diskSize = Math.max(this.diskSize, diskSize);
    if (!isTooLarge()) {
      target.grow(diskSize);
    } else if (!wasTooLarge) {
      countUntilNanos = System.nanoTime() + counting.toNanos();
    } else if (System.nanoTime() - countUntilNanos > 0) {
      requireFits();
    }
  }

  @Override
  public void write(long offset, ByteBuffer src) throws IOException {
    if (isTooLarge()) {
      src.position(src.limit());
    } else {
      target.write(offset, src);
    }
  }

  @Override
  public void zero(long offset, long length) throws IOException {
    if (!isTooLarge()) {
      target.zero(offset, length);
    }
  }

  @Override
  public void finish() throws IOException {
    requireFits();
    target.finish();
  }
}
