package io.gantry.transfer;

import io.gantry.target.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/**
 * Writes guest data and leaves out what is zero: aligned runs of zeros of 4 KiB and more become
 * holes, as with {@code qemu-img convert} (its {@code -S 4k}). Any thread.
 */
final class SparseWriter {

  /** The page and usual file system block; a smaller hole would save nothing. */
  static final int GRANULE = 4096;

  /** Zero areas are handed out in pieces, so that they can be stopped and shared. */
  private static final long ZERO_PIECE = 256L << 20;

  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(GRANULE).asReadOnlyBuffer();

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

  /** Writes all of {@code data} at {@code guestOffset}. */
  void write(long guestOffset, ByteBuffer data) throws IOException {
    int start = data.position();
    int end = data.limit();
    int at = start;
    int length = end - start;
    while (at < end) {
      int dataStart = endOfZeros(data, guestOffset - start, at, end);
      if (dataStart > at) {
        zero(guestOffset + (at - start), dataStart - at);
      }
      int dataEnd = endOfData(data, guestOffset - start, dataStart, end);
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

  /**
   * Returns where the granules of zeros that begin at {@code at} end; all offsets in the buffer.
   */
  private static int endOfZeros(ByteBuffer data, long guestBase, int at, int end) {
    int next = at;
    while (next < end) {
      int granuleEnd = granuleEnd(guestBase, next, end);
      if (!isZero(data, next, granuleEnd)) {
        break;
      }
      next = granuleEnd;
    }
    return next;
  }

  private static int endOfData(ByteBuffer data, long guestBase, int at, int end) {
    int next = at;
    while (next < end) {
      int granuleEnd = granuleEnd(guestBase, next, end);
      if (isZero(data, next, granuleEnd)) {
        break;
      }
      next = granuleEnd;
    }
    return next;
  }

  /** Granules lie at multiples of 4 KiB of the guest; the first and last may be cut. */
  private static int granuleEnd(long guestBase, int at, int end) {
    int intoGranule = (int) ((guestBase + at) & (GRANULE - 1));
    return Math.min(end, at + GRANULE - intoGranule);
  }

  /** A granule of data mostly shows itself in its first eight bytes; only then is it compared. */
  private static boolean isZero(ByteBuffer data, int from, int to) {
    if (to - from >= Long.BYTES && data.getLong(from) != 0) {
      return false;
    }
    return ZEROS.slice(0, to - from).mismatch(data.slice(from, to - from)) < 0;
  }
}
