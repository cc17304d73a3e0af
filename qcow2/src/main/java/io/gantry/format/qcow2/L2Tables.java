package io.gantry.format.qcow2;

import io.gantry.image.MalformedImageException;
import io.gantry.io.RandomAccessInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * L2 tables read from the file, the last few kept. One lock: a table is read once in a whole copy,
 * and a few times a second by random readers.
 */
final class L2Tables {

  /** Room for 16 tables of the usual 64 KiB clusters; one table can have 2 MiB. */
  private static final int KEPT_BYTES = 1 << 20;

  private final RandomAccessInput input;
  private final int keptMax;
  private final Map<Long, ByteBuffer> kept = new LinkedHashMap<>(16, 0.75f, true);
  private final Geometry geometry;

  L2Tables(RandomAccessInput input, Geometry geometry) {
    this.input = input;
    this.geometry = geometry;
    this.keptMax = Math.max(2, KEPT_BYTES >>> geometry.clusterBits());
  }

  /**
   * Returns the table at {@code hostOffset}. Entries that the virtual size does not need are not
   * asked for: the file may end before them.
   */
  synchronized ByteBuffer load(long hostOffset, int entriesNeeded) throws IOException {
    int length = entriesNeeded * geometry.l2EntrySize();
    ByteBuffer table = kept.get(hostOffset);
    if (table == null || table.limit() < length) {
      table = read(hostOffset, length);
      kept.put(hostOffset, table);
      if (kept.size() > keptMax) {
        kept.remove(kept.keySet().iterator().next());
      }
    }
    return table;
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
}
