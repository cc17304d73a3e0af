package io.gantry.cli;

import io.gantry.importer.VolumeSize;
import io.gantry.source.Source;
import io.gantry.transfer.Preflight;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known of a transfer before it begins.
 *
 * @param source name without credentials
 * @param length bytes of the source
 * @param ranges whether it can be read at any position
 * @param identity what tells its bytes from others, if anything
 * @param details where it really is, who vouches for it
 * @param image what it holds, and how it would be read
 * @param overhead fraction of a filesystem volume that is not the disk's
 * @param target what is known of the target, if one is named
 */
record Explanation(
    String source,
    OptionalLong length,
    boolean ranges,
    Optional<String> identity,
    List<String> details,
    Preflight image,
    double overhead,
    Optional<TargetView> target) {

  /**
   * A target, looked at and left alone.
   *
   * @param path as it was given
   * @param kind {@code file}, {@code block device}, or {@code new file}
   * @param capacity bytes that fit
   */
  record TargetView(String path, String kind, long capacity) {}

  static Explanation of(
      Source source, Preflight image, boolean ranges, double overhead, Optional<TargetView> target)
      throws IOException {
    return new Explanation(
        source.name(),
        source.length(),
        ranges,
        source.identity(),
        source.details(),
        image,
        overhead,
        target);
  }

  /** Returns the least storage request of a filesystem volume for this disk, bytes. */
  OptionalLong volumeSize() {
    return image.virtualSize().isPresent()
        ? OptionalLong.of(VolumeSize.required(overhead, image.virtualSize().getAsLong()))
        : OptionalLong.empty();
  }

  /** Says whether the disk fits, when both are known. */
  Optional<Boolean> fits() {
    return target
        .filter(_ -> image.virtualSize().isPresent())
        .map(view -> image.virtualSize().getAsLong() <= view.capacity());
  }
}
