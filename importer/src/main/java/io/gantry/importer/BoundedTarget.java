package io.gantry.importer;

import io.gantry.target.ForwardingTarget;
import io.gantry.target.Target;
import java.io.IOException;

/** A target of which only a part may be used: the size that was asked for, the free space. */
final class BoundedTarget extends ForwardingTarget {

  private final Target target;
  private final long available;
  private volatile long diskSize;

  BoundedTarget(Target target, long available) {
    this.target = target;
    this.available = available;
  }

  @Override
  protected Target inside() {
    return target;
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

  @Override
  public void prepare(long diskSize) throws IOException {
    check(diskSize);
    target.prepare(diskSize);
  }

  @Override
  public void grow(long diskSize) throws IOException {
    check(diskSize);
    target.grow(diskSize);
  }
}
