package io.gantry.target;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The volume being written: a regular file or a block device.
 *
 * <p>Life: open (nothing is changed yet), {@link #prepare}, any number of {@link #write}, {@link
 * #zero} and {@link #readFully} from many threads at once on ranges that do not overlap, {@link
 * #finish} (everything is on disk for good) or {@link #abandon} (nothing half-made is left), {@link
 * #close}. A target that was neither finished nor abandoned is abandoned by closing.
 *
 * <p>Every range lies inside {@code [0, diskSize)}; bytes of a device beyond it are never touched.
 * Offsets, lengths and buffers may be unaligned: what the device wants is the target's business.
 */
public interface Target extends Closeable {

  /** Returns the path. */
  String name();

  /** Returns how many bytes fit: a device's size, {@link Long#MAX_VALUE} for a file. */
  long capacity();

  /**
   * Makes room for a disk of {@code diskSize} bytes: creates or truncates the file to that length,
   * or checks the device, and preallocates as the options say.
   *
   * @throws TargetException when it does not fit; nothing is changed on a device then
   */
  void prepare(long diskSize) throws IOException;

  /**
   * Like {@link #prepare}, for a disk that an earlier run began to write: what is there is kept,
   * and writing what is in {@code durable} already does nothing. A target that cannot tell starts
   * anew.
   *
   * @param durable what {@link #durable()} said in the earlier run, of the same disk
   */
  default void resume(long diskSize, RangeSet durable) throws IOException {
    prepare(diskSize);
  }

  /**
   * Returns the parts of {@code [start, end)} that are to be written; all of it, unless the target
   * was {@link #resume resumed}.
   */
  default List<RangeSet.Range> missing(long start, long end) {
    return List.of(new RangeSet.Range(start, end));
  }

  /**
   * Makes the disk larger, for sources that tell their length only by ending; never smaller. May
   * run beside writes, and preallocates what it adds as {@link #prepare} does.
   *
   * @throws TargetException when it does not fit
   */
  void grow(long diskSize) throws IOException;

  /**
   * Says whether what is never written will read as zero, so that zero areas may be left out. True
   * for a file just created; false for a device, and wherever full preallocation was asked for.
   */
  boolean startsZeroed();

  /** Writes all of {@code src} at {@code offset}. */
  void write(long offset, ByteBuffer src) throws IOException;

  /** Makes {@code length} bytes at {@code offset} read as zero, by the best method that works. */
  void zero(long offset, long length) throws IOException;

  /** Fills {@code dst} with what has been written at {@code offset}; also when finished. */
  void readFully(long offset, ByteBuffer dst) throws IOException;

  /**
   * Makes everything written so far durable ({@code fdatasync}) and remembers it in {@link
   * #durable()}. Writes that run meanwhile are not covered.
   */
  void checkpoint() throws IOException;

  /** Returns the guest ranges that are on disk for good, also after a crash. */
  RangeSet durable();

  /** Syncs; when this returns, the disk is complete. A failed fsync is final. */
  void finish() throws IOException;

  /**
   * Removes what we created, or leaves an existing target, incomplete as it is. May be called at
   * any time by any thread, such as a shutdown hook, and more than once; it waits for nobody. After
   * {@link #finish} it does nothing: exactly one of the two ends a target.
   */
  void abandon() throws IOException;

  /** Says whether {@link #finish} has won: the disk is complete, and abandoning does nothing. */
  boolean isFinished();

  /** Returns what was really done: zero method, preallocation, direct I/O. */
  TargetReport report();
}
