package io.gantry.cli;

import java.util.OptionalInt;

/**
 * Where a disk ends. Guests and devices have sectors of 512 or of 4096 bytes and lose what is not a
 * whole one; volumes are handed out in whole MiB, and what a partitioning tool aligns, it aligns to
 * that.
 *
 * @param virtualSize as the image has it, bytes
 */
record DiskAlignment(long virtualSize) {

  static final int SECTOR = 512;
  static final int LARGE_SECTOR = 4096;
  static final int MIB = 1 << 20;

  /** Returns the size of the disk that is made of it: whole sectors. */
  long diskSize() {
    return Math.ceilDiv(virtualSize, SECTOR) * SECTOR;
  }

  /** Says whether the image itself ends at a multiple of {@code unit}. */
  boolean endsWith(int unit) {
    return virtualSize % unit == 0;
  }

  /** Says whether the disk ends with a sector of the device. */
  boolean fits(OptionalInt sector) {
    return sector.isEmpty() || diskSize() % sector.getAsInt() == 0;
  }

  /** Describes it in a line. */
  String text() {
    if (!endsWith(SECTOR)) {
      return "ends inside a sector of 512 bytes, and is filled up to %d bytes"
          .formatted(diskSize());
    }
    if (!endsWith(LARGE_SECTOR)) {
      return "whole sectors of 512 bytes, but not of 4096; no whole MiB";
    }
    return "whole sectors of 512 and of 4096 bytes; "
        + (endsWith(MIB) ? "whole MiB" : "no whole MiB");
  }

  /** Describes how it ends on a device with such sectors. */
  String on(int sector) {
    long beyond = diskSize() % sector;
    return beyond == 0
        ? "logical sectors of %d bytes, the disk ends with one".formatted(sector)
        : "logical sectors of %d bytes, the disk ends %d bytes into one: a guest with such sectors does not see these"
            .formatted(sector, beyond);
  }
}
