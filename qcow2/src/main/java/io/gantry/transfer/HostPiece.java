package io.gantry.transfer;

import io.gantry.image.CompressedCluster;
import io.gantry.io.RandomAccessInput;
import org.jspecify.annotations.Nullable;

/**
 * Host bytes and the guest range they fill.
 *
 * @param cluster how they decode; null for plain data
 * @param skip bytes of the decoded cluster before the guest range
 */
record HostPiece(
    RandomAccessInput input,
    long hostOffset,
    int hostLength,
    long guestOffset,
    int length,
    @Nullable CompressedCluster cluster,
    int skip) {

  long hostEnd() {
    return hostOffset + hostLength;
  }
}
