package io.gantry.transfer;

import io.gantry.codec.PositionedSink;
import io.gantry.target.RangeSet;
import io.gantry.target.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Writes guest data and leaves out what is zero: aligned runs of zeros of 4 KiB and more become
 * holes, as with {@code qemu-img convert} (its {@code -S 4k}). Any thread.
 */
final class SparseWriter implements PositionedSink {

  /** Zero areas are handed out in pieces, so that they can be stopped and shared. */
  private static final long ZERO_PIECE = 256L << 20;

  private final Target target;
  private final Progress progress;
  private final LongConsumer work;
  private final boolean startsZeroed;

  /**
   * @param work told how many guest bytes have been dealt with, for percent and ETA
   */
  SparseWriter(Target target, Progress progress, LongConsumer work) {
    this.target = target;
    this.progress = progress;
    this.work = work;
    this.startsZeroed = target.startsZeroed();
  }

  /** Says whether zero areas need nothing done. */
  boolean startsZeroed() {
    return startsZeroed;
  }

  /**
   * Returns the parts of a guest range that are to be written; the rest is at the target for good,
   * and counts as done.
   */
  List<RangeSet.Range> missing(long guestOffset, long length) {
    List<RangeSet.Range> missing = target.missing(guestOffset, guestOffset + length);
    long done = length;
    for (RangeSet.Range part : missing) {
      done -= part.length();
    }
    if (done > 0) {
      work.accept(done);
    }
    return missing;
  }

  /** Says whether nothing of a guest range is missing; then it counts as done. */
  boolean isDone(long guestOffset, long length) {
    boolean done = target.missing(guestOffset, guestOffset + length).isEmpty();
    if (done) {
      work.accept(length);
    }
    return done;
  }

  @Override
  public void accept(long guestOffset, ByteBuffer data) throws IOException {
    write(guestOffset, data);
  }

  @Override
  public void acceptZeros(long guestOffset, long length) throws IOException {
    zero(guestOffset, length);
    work.accept(length);
  }

  /** Writes all of {@code data} at {@code guestOffset}. */
  void write(long guestOffset, ByteBuffer data) throws IOException {
    int start = data.position();
    int end = data.limit();
    int at = start;
    int length = end - start;
    while (at < end) {
      int dataStart = ZeroScan.endOfZeros(data, guestOffset - start, at, end);
      if (dataStart > at) {
        zero(guestOffset + (at - start), dataStart - at);
      }
      int dataEnd = ZeroScan.endOfData(data, guestOffset - start, dataStart, end);
      if (dataEnd > dataStart) {
        target.write(guestOffset + (dataStart - start), data.slice(dataStart, dataEnd - dataStart));
        progress.data(dataEnd - dataStart);
      }
      at = dataEnd;
    }
    data.position(end);
    work.accept(length);
  }

  /** Makes a guest range zero, unless it is already. */
  void zero(long guestOffset, long length) throws IOException {
    if (startsZeroed) {
      progress.skipped(length);
      return;
    }
    long done = 0;
    while (done < length) {
      long piece = Math.min(ZERO_PIECE, length - done);
      target.zero(guestOffset + done, piece);
      progress.zero(piece);
      done += piece;
    }
  }
}
