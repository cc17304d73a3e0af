package io.gantry.importer;

import io.gantry.target.RangeSet;
import io.gantry.target.Target;
import io.gantry.target.TargetReport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A target of which only a part may be used: the size that was asked for, the free space. */
final class BoundedTarget implements Target {

  private final Target target;
  private final long available;
  private volatile long diskSize;

  BoundedTarget(Target target, long available) {
    this.target = target;
    this.available = available;
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

  @Override
  public List<RangeSet.Range> missing(long start, long end) {
    return target.missing(start, end);
  }

  @Override
  public String name() {
    return target.name();
  }

  @Override
  public long capacity() {
    return target.capacity();
  }

  @Override
  public boolean startsZeroed() {
    return target.startsZeroed();
  }

  @Override
  public void write(long offset, ByteBuffer src) throws IOException {
    target.write(offset, src);
  }

  @Override
  public void zero(long offset, long length) throws IOException {
    target.zero(offset, length);
  }

  @Override
  public void readFully(long offset, ByteBuffer dst) throws IOException {
    target.readFully(offset, dst);
  }

  @Override
  public void checkpoint() throws IOException {
    target.checkpoint();
  }

  @Override
  public RangeSet durable() {
    return target.durable();
  }

  @Override
  public void finish() throws IOException {
    target.finish();
  }

  @Override
  public void abandon() throws IOException {
    target.abandon();
  }

  @Override
  public boolean isFinished() {
    return target.isFinished();
  }

  @Override
  public TargetReport report() {
    return target.report();
  }

  @Override
  public void close() throws IOException {
    target.close();
  }
}
