package io.gantry.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

/** Puts scattered bytes together, and insists that none comes twice. */
final class CollectingSink implements PositionedSink {

  private final byte[] bytes;
  private final BitSet seen = new BitSet();
  private final Set<Thread> threads = new HashSet<>();

  CollectingSink(int lengthMax) {
    this.bytes = new byte[lengthMax];
  }

  @Override
  public synchronized void accept(long offset, ByteBuffer data) throws IOException {
    int from = Math.toIntExact(offset);
    int to = from + data.remaining();
    if (seen.nextSetBit(from) >= 0 && seen.nextSetBit(from) < to) {
      throw new IOException("some of [%d, %d) came twice".formatted(from, to));
    }
    seen.set(from, to);
    data.get(bytes, from, to - from);
    threads.add(Thread.currentThread());
  }

  /** Returns the bytes; all of {@code length} must have come. */
  synchronized byte[] content(long length) {
    if (seen.cardinality() != length || seen.length() != length) {
      throw new AssertionError(
          "%d bytes up to %d came, of %d".formatted(seen.cardinality(), seen.length(), length));
    }
    return Arrays.copyOf(bytes, (int) length);
  }

  synchronized int threadCount() {
    return threads.size();
  }
}
