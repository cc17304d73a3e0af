package io.gantry.importer;

import io.gantry.target.ForwardingTarget;
import io.gantry.target.Target;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A target of which only a part may be used: the size that was asked for, the free space. It is
 * opened when the size of the disk is known and fits, so that a source that turns out to be no disk
 * of ours leaves the volume as it was.
 */
final class BoundedTarget extends ForwardingTarget {

  /** Opens what is written to. */
  interface Opening {
    Target open() throws IOException;
  }

  private final Opening opening;
  private final long available;
  private volatile long diskSize;
  private volatile @Nullable Target target;
  private boolean abandoned;

  BoundedTarget(Opening opening, long available) {
    this.opening = opening;
    this.available = available;
  }

  @Override
  protected Target inside() {
    return Objects.requireNonNull(target, "not opened yet");
  }

  private void check(long diskSize) throws DiskTooLargeException {
    if (diskSize > available) {
      throw new DiskTooLargeException(diskSize, available);
    }
    this.diskSize = diskSize;
  }

  /** Returns how many bytes may have been written. */
  long diskSize() {
    return diskSize;
  }

  /** Says whether the volume is not what it was any more. */
  boolean isOpened() {
    return target != null;
  }

  @Override
  public void prepare(long diskSize) throws IOException {
    check(diskSize);
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
  public void grow(long diskSize) throws IOException {
    check(diskSize);
    inside().grow(diskSize);
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
