package io.gantry.testkit;

import io.gantry.target.RangeSet;
import io.gantry.target.Target;
import io.gantry.target.TargetException;
import io.gantry.target.TargetReport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A target that fails on the nth call of a kind, and does what the real one does otherwise. */
public final class FaultyTarget implements Target {

  /** The calls that can be made to fail. */
  public enum Call {
    PREPARE,
    GROW,
    WRITE,
    ZERO,
    READ,
    CHECKPOINT,
    FINISH,
    ABANDON,
    CLOSE
  }

  private record Fault(AtomicInteger callsLeft, IOException failure) {}

  private final Target target;
  private final Map<Call, Fault> faults = new EnumMap<>(Call.class);

  public FaultyTarget(Target target) {
    this.target = target;
  }

  /** Makes the {@code nth} call (from 1) and all after it fail. */
  public FaultyTarget failing(Call call, int nth, IOException failure) {
    faults.put(call, new Fault(new AtomicInteger(nth), failure));
    return this;
  }

  /** A target that runs out of room on its {@code nth} write. */
  public static FaultyTarget fullOnWrite(Target target, int nth) {
    return new FaultyTarget(target)
        .failing(
            Call.WRITE,
            nth,
            new TargetException(
                TargetException.Kind.FULL, target.name() + ": no space left on device"));
  }

  private void check(Call call) throws IOException {
    Fault fault = faults.get(call);
    if (fault != null && fault.callsLeft().decrementAndGet() <= 0) {
      throw fault.failure();
    }
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
  public void prepare(long diskSize) throws IOException {
    check(Call.PREPARE);
    target.prepare(diskSize);
  }

  @Override
  public void grow(long diskSize) throws IOException {
    check(Call.GROW);
    target.grow(diskSize);
  }

  @Override
  public boolean startsZeroed() {
    return target.startsZeroed();
  }

  @Override
  public void write(long offset, ByteBuffer src) throws IOException {
    check(Call.WRITE);
    target.write(offset, src);
  }

  @Override
  public void zero(long offset, long length) throws IOException {
    check(Call.ZERO);
    target.zero(offset, length);
  }

  @Override
  public void readFully(long offset, ByteBuffer dst) throws IOException {
    check(Call.READ);
    target.readFully(offset, dst);
  }

  @Override
  public void checkpoint() throws IOException {
    check(Call.CHECKPOINT);
    target.checkpoint();
  }

  @Override
  public RangeSet durable() {
    return target.durable();
  }

  @Override
  public void finish() throws IOException {
    check(Call.FINISH);
    target.finish();
  }

  @Override
  public void abandon() throws IOException {
    check(Call.ABANDON);
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
    check(Call.CLOSE);
    target.close();
  }
}
