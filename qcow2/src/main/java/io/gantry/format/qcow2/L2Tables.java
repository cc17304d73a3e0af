package io.gantry.format.qcow2;

import io.gantry.image.MalformedImageException;
import io.gantry.io.AccessCost;
import io.gantry.io.Completion;
import io.gantry.io.RandomAccessInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * L2 tables read from the file, the last few kept. Where a request is dear, tables that lie close
 * together are read with one, and all of them ahead, several requests at once.
 */
final class L2Tables {

  /** Room for 16 tables of the usual 64 KiB clusters; one table can have 2 MiB. */
  private static final int KEPT_BYTES_LOCAL = 1 << 20;

  /** Room for the tables of 128 GiB of disk with 64 KiB clusters. */
  private static final int KEPT_BYTES_REMOTE = 16 << 20;

  /** Most bytes of one request for tables. */
  private static final int GROUP_MAX = 4 << 20;

  private final RandomAccessInput input;
  private final Geometry geometry;
  private final AccessCost cost;
  private final long[] offsets;
  private final int keptMax;
  private final Map<Long, ByteBuffer> kept = new LinkedHashMap<>(16, 0.75f, true);

  L2Tables(RandomAccessInput input, Geometry geometry, L1Table l1) {
    this.input = input;
    this.geometry = geometry;
    this.cost = input.cost();
    boolean remote = cost.requestMax() > AccessCost.LOCAL.requestMax();
    this.offsets = remote ? l1.sortedOffsets() : new long[0];
    int keptBytes = remote ? KEPT_BYTES_REMOTE : KEPT_BYTES_LOCAL;
    this.keptMax = Math.max(2, keptBytes >>> geometry.clusterBits());
  }

  /**
   * Returns the table at {@code hostOffset}. Entries that the virtual size does not need are not
   * asked for: the file may end before them.
   */
  ByteBuffer load(long hostOffset, int entriesNeeded) throws IOException {
    int length = entriesNeeded * geometry.l2EntrySize();
    ByteBuffer table = find(hostOffset, length);
    if (table == null) {
      table = read(hostOffset, length);
      keep(hostOffset, table);
    }
    return table;
  }

  private synchronized @Nullable ByteBuffer find(long hostOffset, int length) {
    ByteBuffer table = kept.get(hostOffset);
    return table == null || table.limit() < length ? null : table;
  }

  private synchronized void keep(long hostOffset, ByteBuffer table) {
    kept.put(hostOffset, table);
    if (kept.size() > keptMax) {
      kept.remove(kept.keySet().iterator().next());
    }
  }

  private ByteBuffer read(long hostOffset, int length) throws IOException {
    if (hostOffset > input.size() - length) {
      throw new MalformedImageException(
          "%s: truncated: an L2 table needs bytes %d to %d, the file ends at %d"
              .formatted(input.name(), hostOffset, hostOffset + length, input.size()));
    }
    ByteBuffer table = ByteBuffer.allocate(length);
    input.readFully(hostOffset, table);
    return table.flip();
  }

  /** Reads all tables of a remote image, as far as they can be kept. */
  void readAhead() throws IOException {
    if (offsets.length == 0 || offsets.length > keptMax) {
      return;
    }
    List<Future<?>> reads = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(cost.requestsInFlight())) {
      int first = 0;
      while (first < offsets.length) {
        int end = groupEnd(first);
        int from = first;
        reads.add(
            threads.submit(
                () -> {
                  readGroup(from, end);
                  return null;
                }));
        first = end;
      }
      for (Future<?> read : reads) {
        Completion.await(read, "reading tables");
      }
    }
  }

  private int groupEnd(int first) {
    int end = first + 1;
    while (end < offsets.length
        && offsets[end] - tableEnd(end - 1) <= cost.gapMax()
        && tableEnd(end) - offsets[first] <= GROUP_MAX) {
      end++;
    }
    return end;
  }

  private long tableEnd(int index) {
    return Math.min(offsets[index] + geometry.clusterSize(), input.size());
  }

  private void readGroup(int first, int end) throws IOException {
    long start = offsets[first];
    ByteBuffer group = ByteBuffer.allocate((int) (tableEnd(end - 1) - start));
    input.readFully(start, group);
    for (int index = first; index < end; index++) {
      int length = (int) (tableEnd(index) - offsets[index]);
      keep(offsets[index], group.slice((int) (offsets[index] - start), length));
    }
  }
}
