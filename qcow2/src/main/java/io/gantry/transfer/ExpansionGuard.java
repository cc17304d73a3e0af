package io.gantry.transfer;

import io.gantry.image.ImageTooLargeException;
import io.gantry.image.Limits;

/**
 * Stops images that make much of little: a file of a megabyte in which every guest cluster names
 * the same host cluster would fill 64 TiB. A writer's image names a host cluster once, so plain
 * data is never more than the file; the factor leaves room for deduplicated images.
 */
final class ExpansionGuard {

  private static final long FREE_BYTES = 64L << 20;

  private final Limits limits;
  private long fileSize;
  private long dataBytes;
  private long repeatedBytes;

  ExpansionGuard(Limits limits, long fileSize) {
    this.limits = limits;
    this.fileSize = fileSize;
  }

  /** Counts plain guest data that comes from a file of {@code fileSize} bytes, so far. */
  void data(long length, long fileSize) throws ImageTooLargeException {
    this.fileSize = Math.max(this.fileSize, fileSize);
    dataBytes += length;
    check(dataBytes);
  }

  /** Counts guest data decoded from the same compressed bytes as its neighbour. */
  void repeated(long length) throws ImageTooLargeException {
    repeatedBytes += length;
    check(repeatedBytes);
  }

  private void check(long bytes) throws ImageTooLargeException {
    if (bytes - FREE_BYTES > fileSize * limits.expansionMax()) {
      throw new ImageTooLargeException(
          "the image makes more than %d bytes out of a file of %d by naming the same clusters again"
                  .formatted(bytes, fileSize)
              + "; the limit is %d times the file".formatted(limits.expansionMax()));
    }
  }
}
