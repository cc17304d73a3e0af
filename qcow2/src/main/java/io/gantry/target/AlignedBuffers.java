package io.gantry.target;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Buffers that suit the kernel, for callers whose own do not. A thread holds one at a time, so
 * there are never more than there are writers; 256 KiB stays in the CPU's cache.
 */
final class AlignedBuffers {

  private static final int BYTES = 256 << 10;
  private static final int PAGE = 4096;

  private final ConcurrentLinkedQueue<ByteBuffer> idle = new ConcurrentLinkedQueue<>();
  private final int bytes;
  private final int alignment;

  AlignedBuffers(Alignment alignment) {
    this.bytes = Math.max(BYTES, alignment.block());
    this.alignment = Math.max(PAGE, alignment.memory());
  }

  /** Takes a buffer, cleared; give it back. */
  ByteBuffer take() {
    ByteBuffer buffer = idle.poll();
    return buffer != null ? buffer.clear() : allocate(bytes, alignment);
  }

  void give(ByteBuffer buffer) {
    idle.add(buffer);
  }

  /** Allocates {@code bytes} whose address is a multiple of {@code alignment}. */
  static ByteBuffer allocate(int bytes, int alignment) {
    return ByteBuffer.allocateDirect(bytes + alignment - 1).alignedSlice(alignment).slice(0, bytes);
  }
}
