package io.gantry.importer;

/**
 * How much of a filesystem volume a disk image may take. The control plane computes the size of
 * volumes with the same functions, in double precision, so these must agree to the byte.
 */
public final class VolumeSize {

  private static final long MIB = 1L << 20;
  static final int SECTOR = 512;

  private VolumeSize() {}

  /**
   * Returns the room for a disk in {@code space} bytes when a fraction {@code overhead} on top of
   * the disk is the file system's own: whole MiB.
   */
  public static long usable(double overhead, long space) {
    return (long) Math.floor(Math.ceil(space / (1 + overhead)) / MIB) * MIB;
  }

  /** Returns the room that a disk of {@code size} bytes needs together with the overhead. */
  public static long required(double overhead, long size) {
    long rounded = Math.ceilDiv(size, MIB) * MIB;
    return (long) Math.ceil(rounded * (1 + overhead));
  }

  /** Returns the size of a disk in whole sectors, as qemu-img counts it. */
  static long inSectors(long size) {
    return Math.ceilDiv(size, SECTOR) * SECTOR;
  }
}
