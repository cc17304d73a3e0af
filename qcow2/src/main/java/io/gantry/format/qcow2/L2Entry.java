package io.gantry.format.qcow2;

/**
 * An L2 table entry (qcow2 specification, "L2 table entry"); the masks appear only here.
 *
 * <pre>
 *   standard:    63 copied | 62 = 0 | 61..56 reserved | 55..9 host offset | 8..1 reserved | 0 zero
 *   compressed:  63 = 0    | 62 = 1 | 61..x sectors   | x-1..0 host offset      x = 62 - (bits - 8)
 * </pre>
 */
record L2Entry(long bits) {

  private static final long COMPRESSED = 1L << 62;
  private static final long COPIED = 1L << 63;
  private static final long HOST_OFFSET_MASK = 0x00ff_ffff_ffff_fe00L;
  private static final int SECTOR_SIZE = 512;

  boolean isCompressed() {
    return (bits & COMPRESSED) != 0;
  }

  /** The all-zeroes flag; a reserved bit in version 2 and with extended L2 entries. */
  boolean isZero() {
    return (bits & 1) != 0;
  }

  /** With an external data file, this tells host offset 0 from unallocated. */
  boolean isCopied() {
    return (bits & COPIED) != 0;
  }

  long hostOffset() {
    return bits & HOST_OFFSET_MASK;
  }

  long compressedOffset(int clusterBits) {
    return bits & ((1L << sectorShift(clusterBits)) - 1);
  }

  /** Bytes from the compressed offset to the end of the last sector that holds compressed data. */
  int compressedLength(int clusterBits) {
    int shift = sectorShift(clusterBits);
    int sectors = (int) ((bits & (COMPRESSED - 1)) >>> shift) + 1;
    return sectors * SECTOR_SIZE - (int) (bits & (SECTOR_SIZE - 1));
  }

  private static int sectorShift(int clusterBits) {
    return 62 - (clusterBits - 8);
  }
}
