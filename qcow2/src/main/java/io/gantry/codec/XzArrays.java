package io.gantry.codec;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import org.tukaani.xz.ArrayCache;

/**
 * Keeps the dictionaries of finished blocks for the next ones, so that a file of thousands of
 * blocks does not allocate megabytes for each. Shared by the workers.
 */
final class XzArrays extends ArrayCache {

  /** What is smaller is cheap to allocate. */
  private static final int WORTH_KEEPING_BYTES = 1 << 20;

  private final int keptMax;
  private final Queue<byte[]> kept = new ArrayDeque<>();

  /** Keeps one array for each of {@code workers}. */
  XzArrays(int workers) {
    this.keptMax = workers;
  }

  @Override
  public synchronized byte[] getByteArray(int size, boolean fillWithZeros) {
    if (!fillWithZeros) {
      for (Iterator<byte[]> arrays = kept.iterator(); arrays.hasNext(); ) {
        byte[] array = arrays.next();
        if (array.length == size) {
          arrays.remove();
          return array;
        }
      }
    }
    if (size >= WORTH_KEEPING_BYTES) {
      kept.clear(); // of no use for blocks of this kind, and their memory is counted as free
    }
    return new byte[size];
  }

  @Override
  public synchronized void putArray(byte[] array) {
    if (array.length < WORTH_KEEPING_BYTES) {
      return;
    }
    if (kept.size() == keptMax) {
      kept.remove();
    }
    kept.add(array);
  }
}
