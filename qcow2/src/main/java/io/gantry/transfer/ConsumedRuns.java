package io.gantry.transfer;

import io.gantry.format.qcow2.Reference;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which host bytes have been written where. When a table turns up that names a host cluster again,
 * long after it has gone by, its content is at the target already. Kept in plain arrays, in host
 * order, neighbours joined; when there is no more room, the oldest knowledge is all there is.
 */
final class ConsumedRuns {

  /**
   * 24 MiB: enough for 64 GiB of compressed 64 KiB clusters, and any plain image but the oddest.
   */
  private static final int RUNS_MAX = 1 << 20;

  private long[] hostOffsets = new long[64];
  private long[] guestOffsets = new long[64];
  private long[] lengths = new long[64];
  private int count;

  /** Adds a reference whose host offset is not before that of the last one. */
  void add(Reference reference) {
    int last = count - 1;
    if (last >= 0 && reference.hostOffset() < hostOffsets[last]) {
      return;
    }
    if (last >= 0
        && !reference.compressed()
        && lengths[last] > 0
        && hostOffsets[last] + lengths[last] == reference.hostOffset()
        && guestOffsets[last] + lengths[last] == reference.guestOffset()) {
      lengths[last] += reference.length();
    } else if (count < RUNS_MAX) {
      append(reference);
    }
  }

  private void append(Reference reference) {
    if (count == hostOffsets.length) {
      hostOffsets = Arrays.copyOf(hostOffsets, count * 2);
      guestOffsets = Arrays.copyOf(guestOffsets, count * 2);
      lengths = Arrays.copyOf(lengths, count * 2);
    }
    hostOffsets[count] = reference.hostOffset();
    guestOffsets[count] = reference.guestOffset();
    lengths[count] = reference.compressed() ? -reference.length() : reference.length();
    count++;
  }

  /** A guest range that holds what a reference asks for. */
  record Written(long guestOffset, long length) {}

  /** Returns where the beginning of {@code reference} was written; null if that is not known. */
  @Nullable Written find(Reference reference) {
    int found = Arrays.binarySearch(hostOffsets, 0, count, reference.hostOffset());
    int index = found >= 0 ? found : -found - 2;
    if (index < 0) {
      return null;
    }
    if (reference.compressed()) {
      return findCompressed(reference, index);
    }
    long into = reference.hostOffset() - hostOffsets[index];
    return lengths[index] > into
        ? new Written(guestOffsets[index] + into, lengths[index] - into)
        : null;
  }

  private @Nullable Written findCompressed(Reference reference, int index) {
    boolean same =
        hostOffsets[index] == reference.hostOffset() && -lengths[index] >= reference.length();
    return same ? new Written(guestOffsets[index], -lengths[index]) : null;
  }
}
