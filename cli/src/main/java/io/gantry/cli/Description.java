package io.gantry.cli;

import io.gantry.image.ImageInfo;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What {@code info} prints: the image's own words, and what its place adds to them.
 *
 * @param filename as it was given
 * @param actualSize bytes allocated to a local file
 */
record Description(String filename, ImageInfo info, OptionalLong actualSize) {

  private static final int SECTOR = 512;

  /** Returns the size of the disk in bytes: whole sectors, as qemu-img counts a raw file too. */
  long virtualSize() {
    return wholeSectors(info.virtualSize());
  }

  /** Rounds up to sectors. */
  static long wholeSectors(long bytes) {
    return Math.ceilDiv(bytes, SECTOR) * SECTOR;
  }

  /** Returns the backing file name as seen from here: relative ones start at the image. */
  Optional<String> fullBackingFilename() {
    return info.backingFile()
        .map(
            name -> {
              int directoryEnd = filename.lastIndexOf('/') + 1;
              boolean complete = name.startsWith("/") || name.matches("[^/]+:.*");
              return complete ? name : filename.substring(0, directoryEnd) + name;
            });
  }
}
