package io.gantry.target;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A target around another: does what that one does, except where a subclass says otherwise. */
public abstract class ForwardingTarget implements Target {

  /** Returns the target inside. */
  protected abstract Target inside();

  @Override
  public String name() {
    return inside().name();
  }

  @Override
  public long capacity() {
    return inside().capacity();
  }

  @Override
  public void prepare(long diskSize) throws IOException {
    inside().prepare(diskSize);
  }

  @Override
  public void resume(long diskSize, RangeSet durable) throws IOException {
    inside().resume(diskSize, durable);
  }

  @Override
  public List<RangeSet.Range> missing(long start, long end) {
    return inside().missing(start, end);
  }

  @Override
  public void grow(long diskSize) throws IOException {
    inside().grow(diskSize);
  }

  @Override
  public boolean startsZeroed() {
    return inside().startsZeroed();
  }

  @Override
  public void write(long offset, ByteBuffer src) throws IOException {
    inside().write(offset, src);
  }

  @Override
  public void zero(long offset, long length) throws IOException {
    inside().zero(offset, length);
  }

  @Override
  public void readFully(long offset, ByteBuffer dst) throws IOException {
    inside().readFully(offset, dst);
  }

  @Override
  public void checkpoint() throws IOException {
    inside().checkpoint();
  }

  @Override
  public RangeSet durable() {
    return inside().durable();
  }

  @Override
  public void finish() throws IOException {
    inside().finish();
  }

  @Override
  public void abandon() throws IOException {
    inside().abandon();
  }

  @Override
  public boolean isFinished() {
    return inside().isFinished();
  }

  @Override
  public TargetReport report() {
    return inside().report();
  }

  @Override
  public void close() throws IOException {
    inside().close();
  }
}
