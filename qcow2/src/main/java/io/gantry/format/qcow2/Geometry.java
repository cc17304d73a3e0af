package io.gantry.format.qcow2;

/**
 * The sizes an image's tables are made of, and the arithmetic between them.
 *
 * @param clusterBits log2 of the cluster size, 9..21
 * @param extendedL2 whether L2 entries are 16 bytes and describe 32 subclusters each
 * @param virtualSize disk as the guest sees it, bytes
 */
record Geometry(int clusterBits, boolean extendedL2, long virtualSize) {

  static final int SUBCLUSTERS = 32;

  int clusterSize() {
    return 1 << clusterBits;
  }

  int l2EntrySize() {
    return extendedL2 ? 16 : 8;
  }

  int l2EntryCount() {
    return clusterSize() / l2EntrySize();
  }

  /** Guest bytes one L2 table describes, as a power of two. */
  int l2CoverageBits() {
    return 2 * clusterBits - (extendedL2 ? 4 : 3);
  }

  long l2Coverage() {
    return 1L << l2CoverageBits();
  }

  /** L1 entries that the virtual size needs. */
  long l1EntriesNeeded() {
    return (virtualSize >>> l2CoverageBits()) + ((virtualSize & (l2Coverage() - 1)) == 0 ? 0 : 1);
  }

  /** L2 entries of table {@code l1Index} that the virtual size needs. */
  int l2EntriesNeeded(long l1Index) {
    long guestBytes = Math.min(l2Coverage(), virtualSize - (l1Index << l2CoverageBits()));
    return (int) ((guestBytes + clusterSize() - 1) >>> clusterBits);
  }

  long offsetInCluster(long offset) {
    return offset & (clusterSize() - 1);
  }

  Geometry withVirtualSize(long size) {
    return new Geometry(clusterBits, extendedL2, size);
  }
}
