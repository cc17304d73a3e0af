package io.gantry.transfer;

import io.gantry.io.RandomAccessInput;
import io.gantry.io.RangeReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A stretch of a file read once, in order, through a small buffer that slides along.
 *
 * <pre>
 *   segment start ──── window start ▓▓▓▓▓▓▓▓ window end ──────────── segment end
 *                          (in the buffer)   (next read)
 * </pre>
 */
final class HostWindow implements Closeable {

  /**
   * Pieces of 256 KiB: two of them stay in the second-level cache, so that what was read is still
   * there when it is scanned and written. 64 KiB and 1 MiB measured 10 % slower.
   */
  static final int PIECE = 256 << 10;

  /** Of a slow source: a run that is killed loses what it had not read to the end of a piece. */
  static final int PIECE_SLOW = 64 << 10;

  /** 33 MB/s: what a piece more costs is nothing beside the waiting. */
  private static final long SLOW_NANOS_PER_BYTE = 30;

  private final RandomAccessInput input;
  private final RangeReader reader;
  private final WorkerTools tools;
  private final Progress progress;
  private final long segmentEnd;
  private long start;
  private int length;
  private int piece = PIECE;

  HostWindow(RandomAccessInput input, long start, long end, WorkerTools tools, Progress progress)
      throws IOException {
    this.input = input;
    this.reader = input.openRange(start, end);
    this.tools = tools;
    this.progress = progress;
    this.segmentEnd = end;
    this.start = start;
  }

  /** Returns how many bytes are best asked for at once, where it does not matter otherwise. */
  int piece() {
    return piece;
  }

  /** Returns the bytes {@code [from, from + count)} of the file; valid until the next call. */
  ByteBuffer require(long from, int count) throws IOException {
    if (from < start) {
      return readAgain(from, count);
    }
    if (from + count > start + length) {
      slide(from, count);
    }
    return tools.buffer(0).slice((int) (from - start), count);
  }

  private void slide(long from, int count) throws IOException {
    int kept = (int) Math.max(0, start + length - from);
    ByteBuffer buffer = tools.buffer(Math.max(piece, count));
    if (kept > 0) {
      buffer.clear().position((int) (from - start)).limit(length);
      buffer.compact();
    } else if (from > start + length) {
      reader.skip(from - (start + length));
    }
    long wanted = Math.max(count, Math.min(piece, segmentEnd - from));
    buffer.position(kept).limit((int) wanted);
    long startNanos = System.nanoTime();
    reader.readFully(buffer);
    long nanos = System.nanoTime() - startNanos;
    piece = nanos > SLOW_NANOS_PER_BYTE * (wanted - kept) ? PIECE_SLOW : PIECE;
    progress.read(wanted - kept);
    start = from;
    length = (int) wanted;
  }

  /** Bytes behind the window: only where several guest clusters share host bytes. */
  private ByteBuffer readAgain(long from, int count) throws IOException {
    ByteBuffer again = ByteBuffer.allocate(count);
    input.readFully(from, again);
    progress.read(count);
    return again.flip();
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
