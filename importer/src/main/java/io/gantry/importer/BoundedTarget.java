package io.gantry.importer;

import io.gantry.target.ForwardingTarget;
import io.gantry.target.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A target of which only a part may be used: the size that was asked for, the free space. It is
 * opened when the size of the disk is known and fits, so that a source that turns out to be no disk
 * of ours leaves the volume as it was.
 *
 * <p>A disk of a known size that does not fit is refused before the first byte. When a stream that
 * does not tell its length turns out too long, nothing more is written, but the rest is counted for
 * a while: the one who has to ask for a larger volume wants to know how large.
 */
final class BoundedTarget extends ForwardingTarget {

  /** Opens what is written to. */
  interface Opening {
    Target open() throws IOException;
  }

  /** As long as the reference gives the inspection of an image. */
  private static final Duration COUNTING = Duration.ofSeconds(30);

  private final Opening opening;
  private final long available;
  private final Duration counting;
  private volatile long diskSize;
  private volatile long countUntilNanos;
  private volatile @Nullable Target target;
  private boolean abandoned;

  BoundedTarget(Opening opening, long available) {
    this(opening, available, COUNTING);
  }

  /**
   * @param counting how long to go on when the disk is known not to fit
   */
  BoundedTarget(Opening opening, long available, Duration counting) {
    this.opening = opening;
    this.available = available;
    this.counting = counting;
  }

  @Override
  protected Target inside() {
    return Objects.requireNonNull(target, "not opened yet");
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

  /** Says whether the volume is not what it was any more. */
  boolean isOpened() {
    return target != null;
  }

  @Override
  public void prepare(long diskSize) throws IOException {
    this.diskSize = diskSize;
    requireFits();
    open().prepare(diskSize);
  }

  private synchronized Target open() throws IOException {
    if (abandoned) {
      throw new ClosedChannelException();
    }
    Target opened = opening.open();
    target = opened;
    return opened;
  }

  @Override
  public synchronized void grow(long diskSize) throws IOException {
    boolean wasTooLarge = isTooLarge();
    this.diskSize = Math.max(this.diskSize, diskSize);
    if (!isTooLarge()) {
      inside().grow(diskSize);
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
      inside().write(offset, src);
    }
  }

  @Override
  public void zero(long offset, long length) throws IOException {
    if (!isTooLarge()) {
      inside().zero(offset, length);
    }
  }

  @Override
  public void finish() throws IOException {
    requireFits();
    inside().finish();
  }

  @Override
  public boolean isFinished() {
    return isOpened() && inside().isFinished();
  }

  /** May come from a thread that ends the process, at any moment. */
  @Override
  public void abandon() throws IOException {
    Target opened;
    synchronized (this) {
      abandoned = true;
      opened = target;
    }
    if (opened != null) {
      opened.abandon();
    }
  }

  @Override
  public void close() throws IOException {
    if (isOpened()) {
      inside().close();
    }
  }
}
