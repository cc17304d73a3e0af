package io.gantry.jmh;

import io.gantry.io.RandomAccessInput;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A QCOW2 file of which only the tables exist; its data would follow.
 *
 * <pre>
 *   0 header │ 1 refcount table │ 2 L1 table │ 3 … L2 tables │ data clusters
 * </pre>
 */
final class TablesInput implements RandomAccessInput {

  private static final int CLUSTER_BITS = 16;
  private static final int CLUSTER = 1 << CLUSTER_BITS;
  private static final int ENTRIES = CLUSTER / Long.BYTES;
  private static final long VIRTUAL_SIZE = 10L << 30;
  private static final int CLUSTERS = (int) (VIRTUAL_SIZE / CLUSTER);
  private static final int L2_TABLES = CLUSTERS / ENTRIES;
  private static final int FIRST_L2 = 3;
  private static final int FIRST_DATA = FIRST_L2 + L2_TABLES;
  private static final long COPIED = 1L << 63;

  private final ByteBuffer tables = ByteBuffer.allocate(FIRST_DATA * CLUSTER);

  TablesInput(boolean scattered) {
    header();
    for (int table = 0; table < L2_TABLES; table++) {
      entry(2, table, FIRST_L2 + table);
    }
    for (int cluster = 0; cluster < CLUSTERS; cluster++) {
      // Neighbours swapped: no two follow each other in the file.
      entry(FIRST_L2, cluster, FIRST_DATA + (scattered ? cluster ^ 1 : cluster));
    }
  }

  /** Version 2: 72 bytes, no extensions. */
  private void header() {
    tables.putInt(0, 0x514649fb);
    tables.putInt(4, 2);
    tables.putInt(20, CLUSTER_BITS);
    tables.putLong(24, VIRTUAL_SIZE);
    tables.putInt(36, L2_TABLES);
    tables.putLong(40, 2L * CLUSTER);
    tables.putLong(48, CLUSTER);
    tables.putInt(56, 1);
  }

  private void entry(int tableCluster, int index, long hostCluster) {
    int at = tableCluster * CLUSTER + index * Long.BYTES;
    tables.putLong(at, COPIED | hostCluster << CLUSTER_BITS);
  }

  @Override
  public String name() {
    return "tables.qcow2";
  }

  @Override
  public long size() {
    return (long) FIRST_DATA * CLUSTER + VIRTUAL_SIZE;
  }

  @Override
  public void readFully(long offset, ByteBuffer dst) throws IOException {
    if (offset + dst.remaining() > tables.capacity()) {
      throw new IOException("there is no data at " + offset);
    }
    dst.put(tables.slice((int) offset, dst.remaining()));
  }

  @Override
  public void close() {}
}
