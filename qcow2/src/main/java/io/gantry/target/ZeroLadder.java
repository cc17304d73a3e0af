package io.gantry.target;

import io.gantry.linux.Fd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Makes ranges zero by the best method that works here. The kernel is asked once: what it refuses
 * is not tried again.
 */
final class ZeroLadder {

  /** Where zeros go that have to be written. */
  @FunctionalInterface
  interface Writer {
    void write(long offset, ByteBuffer src) throws IOException;
  }

  /** Opens the descriptor that native methods need. */
  @FunctionalInterface
  interface FdSource {
    Fd get() throws IOException;
  }

  /** One call may take long on a slow device and cannot be stopped, so a call does this much. */
  private static final long CALL_MAX = 256L << 20;

  /** File systems and most devices work in these; a device with larger sectors says so. */
  private static final int BLOCK_MIN = 4096;

  private static final ByteBuffer ZEROS =
      AlignedBuffers.allocate(256 << 10, BLOCK_MIN).asReadOnlyBuffer();

  private final List<ZeroMethod> methods;
  private final Alignment alignment;
  private final FdSource fd;
  private final Writer writer;
  private int step;
  private volatile Optional<ZeroMethod> used = Optional.empty();

  ZeroLadder(List<ZeroMethod> methods, int block, FdSource fd, Writer writer) {
    this.methods = methods;
    this.alignment = new Alignment(Math.max(block, BLOCK_MIN), 1);
    this.fd = fd;
    this.writer = writer;
  }

  /** Returns the method that zeroed whole blocks, or bytes when there were no whole blocks. */
  Optional<ZeroMethod> used() {
    return used;
  }

  /** Zeroes {@code [offset, offset + length)} and nothing else: heads and tails are written. */
  void zero(long offset, long length) throws IOException {
    long end = offset + length;
    long blocksStart = alignment.up(offset);
    long blocksEnd = alignment.down(end);
    if (blocksStart >= blocksEnd) {
      write(offset, end);
      return;
    }
    write(offset, blocksStart);
    for (long at = blocksStart; at < blocksEnd; at += CALL_MAX) {
      zeroBlocks(at, Math.min(at + CALL_MAX, blocksEnd));
    }
    write(blocksEnd, end);
  }

  private void zeroBlocks(long start, long end) throws IOException {
    ZeroMethod method = current();
    while (method != ZeroMethod.WRITE && !method.tryZero(fd.get(), start, end - start)) {
      method = next(method);
    }
    if (method == ZeroMethod.WRITE) {
      write(start, end);
    } else {
      used = Optional.of(method);
    }
  }

  private synchronized ZeroMethod current() {
    return methods.get(step);
  }

  /** Steps down from {@code refused}, unless another thread has done so already. */
  private synchronized ZeroMethod next(ZeroMethod refused) {
    if (methods.get(step) == refused) {
      step++;
    }
    return methods.get(step);
  }

  private void write(long start, long end) throws IOException {
    for (long at = start; at < end; at += ZEROS.capacity()) {
      int length = (int) Math.min(ZEROS.capacity(), end - at);
      writer.write(at, ZEROS.slice(0, length));
    }
    if (start < end && used.isEmpty()) {
      used = Optional.of(ZeroMethod.WRITE);
    }
  }
}
