package io.gantry.testkit;

import io.gantry.target.Preallocation;
import io.gantry.target.RangeSet;
import io.gantry.target.Target;
import io.gantry.target.TargetException;
import io.gantry.target.TargetReport;
import java.nio.ByteBuffer;

/**
 * A target that is an array, for tests of what writes to one. It can start full of garbage, like a
 * device, and knows which bytes were written, which zeroed, and which never touched.
 */
public final class InMemoryTarget implements Target {

  private final byte[] bytes;
  private final boolean startsZeroed;
  private final RangeSet written = new RangeSet();
  private final RangeSet zeroed = new RangeSet();
  private RangeSet pending = new RangeSet();
  private final RangeSet durable = new RangeSet();
  private long diskSize = -1;
  private boolean finished;
  private boolean abandoned;

  private InMemoryTarget(int capacity, boolean startsZeroed) {
    this.bytes = new byte[capacity];
    this.startsZeroed = startsZeroed;
    if (!startsZeroed) {
      java.util.Arrays.fill(bytes, (byte) 0xA5);
    }
  }

  /** Like a file just created. */
  public static InMemoryTarget empty(int capacity) {
    return new InMemoryTarget(capacity, true);
  }

  /** Like a device: full of 0xA5. */
  public static InMemoryTarget garbage(int capacity) {
    return new InMemoryTarget(capacity, false);
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public long capacity() {
    return bytes.length;
  }

  @Override
  public synchronized void prepare(long diskSize) throws TargetException {
    checkFits(diskSize);
    if (abandoned || this.diskSize >= 0) {
      throw new IllegalStateException("prepared or abandoned before");
    }
    this.diskSize = diskSize;
  }

  @Override
  public synchronized void grow(long diskSize) throws TargetException {
    checkWritable(0, 0);
    checkFits(diskSize);
    this.diskSize = Math.max(this.diskSize, diskSize);
  }

  private void checkFits(long diskSize) throws TargetException {
    if (diskSize > bytes.length) {
      throw new TargetException(
          TargetException.Kind.TOO_SMALL,
          "memory: has %d bytes and the disk needs %d".formatted(bytes.length, diskSize));
    }
  }

  @Override
  public boolean startsZeroed() {
    return startsZeroed;
  }

  @Override
  public synchronized void write(long offset, ByteBuffer src) throws TargetException {
    int length = src.remaining();
    checkWritable(offset, length);
    src.get(bytes, (int) offset, length);
    note(written, offset, length);
  }

  @Override
  public synchronized void zero(long offset, long length) throws TargetException {
    checkWritable(offset, length);
    java.util.Arrays.fill(bytes, (int) offset, (int) (offset + length), (byte) 0);
    note(zeroed, offset, length);
  }

  private void note(RangeSet ranges, long offset, long length) {
    if (length > 0) {
      ranges.add(offset, offset + length);
      pending.add(offset, offset + length);
    }
  }

  @Override
  public synchronized void readFully(long offset, ByteBuffer dst) {
    checkRange(offset, dst.remaining());
    dst.put(bytes, (int) offset, dst.remaining());
  }

  @Override
  public synchronized void checkpoint() throws TargetException {
    checkWritable(0, 0);
    pending.ranges().forEach(range -> durable.add(range.start(), range.end()));
    pending = new RangeSet();
  }

  @Override
  public synchronized RangeSet durable() {
    return durable.copy();
  }

  @Override
  public synchronized void finish() throws TargetException {
    checkWritable(0, 0);
    finished = true;
    if (diskSize > 0) {
      durable.add(0, diskSize);
    }
  }

  @Override
  public synchronized void abandon() {
    abandoned |= !finished;
  }

  @Override
  public synchronized boolean isFinished() {
    return finished;
  }

  public synchronized boolean isAbandoned() {
    return abandoned;
  }

  @Override
  public TargetReport report() {
    return new TargetReport(zeroed.count() > 0 ? "memory" : "none", Preallocation.OFF, false);
  }

  @Override
  public void close() {
    abandon();
  }

  /** Returns the bytes themselves, up to the capacity. */
  public byte[] bytes() {
    return bytes;
  }

  /** Returns what came by {@link #write}. */
  public synchronized RangeSet written() {
    return written.copy();
  }

  /** Returns what came by {@link #zero}. */
  public synchronized RangeSet zeroed() {
    return zeroed.copy();
  }

  private void checkWritable(long offset, long length) throws TargetException {
    if (abandoned || finished) {
      throw new TargetException(
          TargetException.Kind.NOT_WRITABLE,
          "memory: was " + (finished ? "finished" : "given up") + " before");
    }
    checkRange(offset, length);
  }

  private void checkRange(long offset, long length) {
    if (offset < 0 || length < 0 || length > diskSize - offset) {
      throw new IndexOutOfBoundsException(
          "%d bytes at %d of %d".formatted(length, offset, diskSize));
    }
  }
}
