package io.gantry.format.qcow2;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The references of one L2 table in host order, kept in plain arrays: a table of a 1 TiB disk may
 * wait long for its data, and there may be thousands. Runs of neighbours are one reference.
 */
final class ReferenceList {

  /** Bytes a reference costs here. */
  static final int BYTES_EACH = 4 * Long.BYTES;

  private long[] hostOffsets = new long[16];
  private long[] guestOffsets = new long[16];
  private long[] lengths = new long[16];

  /** 0 for plain data, which has as many host bytes as guest bytes. */
  private int[] compressedLengths = new int[16];

  private int count;
  private int next;
  private boolean sorted = true;

  void addData(long hostOffset, long guestOffset, long length) {
    if (count > 0
        && compressedLengths[count - 1] == 0
        && hostOffsets[count - 1] + lengths[count - 1] == hostOffset
        && guestOffsets[count - 1] + lengths[count - 1] == guestOffset) {
      lengths[count - 1] += length;
    } else {
      add(hostOffset, guestOffset, length, 0);
    }
  }

  void addCompressed(long hostOffset, int hostLength, long guestOffset, long length) {
    add(hostOffset, guestOffset, length, hostLength);
  }

  private void add(long hostOffset, long guestOffset, long length, int compressedLength) {
    if (count == hostOffsets.length) {
      grow();
    }
    sorted &= count == 0 || hostOffsets[count - 1] <= hostOffset;
    hostOffsets[count] = hostOffset;
    guestOffsets[count] = guestOffset;
    lengths[count] = length;
    compressedLengths[count] = compressedLength;
    count++;
  }

  private void grow() {
    int size = count * 2;
    hostOffsets = Arrays.copyOf(hostOffsets, size);
    guestOffsets = Arrays.copyOf(guestOffsets, size);
    lengths = Arrays.copyOf(lengths, size);
    compressedLengths = Arrays.copyOf(compressedLengths, size);
  }

  /** Brings the references into host order; to be called once, when all are added. */
  void sort() {
    if (sorted) {
      return;
    }
    int[] order =
        IntStream.range(0, count)
            .boxed()
            .sorted(Comparator.comparingLong(i -> hostOffsets[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    hostOffsets = pick(hostOffsets, order);
    guestOffsets = pick(guestOffsets, order);
    lengths = pick(lengths, order);
    int[] unordered = compressedLengths;
    compressedLengths = IntStream.of(order).map(i -> unordered[i]).toArray();
    sorted = true;
  }

  private static long[] pick(long[] values, int[] order) {
    return IntStream.of(order).mapToLong(i -> values[i]).toArray();
  }

  boolean isEmpty() {
    return next == count;
  }

  long memoryBytes() {
    return (long) hostOffsets.length * BYTES_EACH;
  }

  /** Returns the host offset of the next reference; there must be one. */
  long nextHostOffset() {
    return hostOffsets[next];
  }

  /** Takes the next reference. */
  Reference take() {
    int i = next++;
    boolean compressed = compressedLengths[i] != 0;
    return new Reference(
        hostOffsets[i],
        compressed ? compressedLengths[i] : lengths[i],
        guestOffsets[i],
        lengths[i],
        compressed);
  }
}
