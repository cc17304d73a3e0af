package io.gantry.importer;

import java.io.IOException;

/** The disk does not fit in the volume; the text is one that the control plane looks for. */
final class DiskTooLargeException extends IOException {

  DiskTooLargeException(long virtualSize, long available) {
    super(
        "virtual image size %d is larger than the reported available storage %d. A larger PVC is required"
            .formatted(virtualSize, available));
  }
}
