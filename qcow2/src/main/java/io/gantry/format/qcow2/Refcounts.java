package io.gantry.format.qcow2;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Refcounts picked up while reading forwards (qcow2 specification, "Host cluster management"). They
 * only help to decide what need not be kept: an image may have none, or wrong ones, and while it is
 * marked dirty or corrupt they are not even meant to be right.
 */
final class Refcounts {

  /** Blocks kept: with 64 KiB clusters and 16-bit refcounts, 32 blocks speak of 64 GiB. */
  private static final int BLOCKS_KEPT = 32;

  private static final int SATURATED = 0xffff;
  private static final long OFFSET_MASK = ~0x1ffL;

  private final Geometry geometry;
  private final int order;
  private final long tableOffset;
  private final long tableEnd;
  private final Map<Long, Long> firstClusterByBlockOffset = new HashMap<>();
  private final Map<Long, short[]> countsByFirstCluster =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, short[]> eldest) {
          return size() > BLOCKS_KEPT;
        }
      };

  Refcounts(Qcow2Header header) {
    this.geometry = header.geometry();
    this.order = header.refcountOrder();
    this.tableOffset = header.refcountTableOffset();
    boolean usable =
        !header.dirty()
            && !header.corrupt()
            && order >= 0
            && order <= 6
            && tableOffset > 0
            && geometry.offsetInCluster(tableOffset) == 0
            && header.refcountTableClusters() <= (8 << 20) >>> geometry.clusterBits();
    this.tableEnd =
        usable ? tableOffset + (header.refcountTableClusters() << geometry.clusterBits()) : 0;
  }

  /** Returns whether the cluster is part of the refcount table or a block of it. */
  boolean accept(long hostOffset, ByteBuffer cluster) {
    if (hostOffset >= tableOffset && hostOffset < tableEnd) {
      takeTable(hostOffset, cluster);
      return true;
    }
    Long firstCluster = firstClusterByBlockOffset.remove(hostOffset);
    if (firstCluster == null) {
      return false;
    }
    takeBlock(firstCluster, cluster);
    return true;
  }

  private void takeTable(long hostOffset, ByteBuffer cluster) {
    long index = (hostOffset - tableOffset) / Long.BYTES;
    for (int at = 0; at + Long.BYTES <= cluster.remaining(); at += Long.BYTES) {
      long blockOffset = cluster.getLong(cluster.position() + at) & OFFSET_MASK;
      if (blockOffset > hostOffset) {
        firstClusterByBlockOffset.put(blockOffset, index * entriesPerBlock());
      }
      index++;
    }
  }

  private void takeBlock(long firstCluster, ByteBuffer cluster) {
    int bits = 1 << order;
    int available = (int) Math.min(entriesPerBlock(), cluster.remaining() * 8L / bits);
    short[] counts = new short[available];
    for (int i = 0; i < available; i++) {
      counts[i] = (short) entry(cluster, i);
    }
    countsByFirstCluster.put(firstCluster, counts);
  }

  /** Entries narrower than a byte are packed from the least significant bit on. */
  private int entry(ByteBuffer block, int index) {
    int bits = 1 << order;
    if (bits < 8) {
      int value = block.get(block.position() + ((index * bits) >> 3)) & 0xff;
      return (value >>> (index * bits & 7)) & ((1 << bits) - 1);
    }
    int width = bits >> 3;
    int value = 0;
    for (int i = 0; i < width; i++) {
      value = (value << 8) | (block.get(block.position() + index * width + i) & 0xff);
      if (value >= SATURATED) {
        return SATURATED;
      }
    }
    return value;
  }

  private long entriesPerBlock() {
    return (geometry.clusterSize() * 8L) >>> order;
  }

  /** Returns the refcount of a cluster, -1 if it is not known or 65535 or more. */
  long of(long hostOffset) {
    long cluster = hostOffset >>> geometry.clusterBits();
    short[] counts = countsByFirstCluster.get(cluster - cluster % entriesPerBlockOrOne());
    if (counts == null) {
      return -1;
    }
    int index = (int) (cluster % entriesPerBlockOrOne());
    int count = index < counts.length ? counts[index] & 0xffff : SATURATED;
    return count == SATURATED ? -1 : count;
  }

  private long entriesPerBlockOrOne() {
    return tableEnd == 0 ? 1 : entriesPerBlock();
  }
}
