package io.gantry.target;

import io.gantry.linux.Statx;
import java.nio.ByteBuffer;

/**
 * What a file or device asks of the pieces it is given; both are powers of two.
 *
 * @param block of offsets and lengths, bytes
 * @param memory of buffer addresses, bytes
 */
record Alignment(int block, int memory) {

  /** Through the page cache everything goes. */
  static final Alignment NONE = new Alignment(1, 1);

  Alignment {
    if (Integer.bitCount(block) != 1 || Integer.bitCount(memory) != 1) {
      throw new IllegalArgumentException("block=" + block + " memory=" + memory);
    }
  }

  /** What O_DIRECT wants; an older kernel does not say, and then {@code block} is safe for both. */
  static Alignment ofDirect(Statx statx, int block) {
    return statx.directOffsetAlignment() > 0
        ? new Alignment(
            Math.max(statx.directOffsetAlignment(), 1), Math.max(statx.directMemoryAlignment(), 1))
        : new Alignment(block, block);
  }

  /** Bytes between the start of the block and {@code offset}. */
  int skew(long offset) {
    return (int) (offset & (block - 1));
  }

  long down(long offset) {
    return offset - skew(offset);
  }

  long up(long offset) {
    return down(offset + block - 1);
  }

  /** Says whether the kernel takes the buffer from its position on as it is. */
  boolean suits(ByteBuffer buffer) {
    return buffer.isDirect() && buffer.alignmentOffset(buffer.position(), memory) == 0;
  }
}
