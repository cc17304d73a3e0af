package io.gantry.cli;

import io.gantry.importer.VolumeSize;
import io.gantry.source.Source;
import io.gantry.transfer.Preflight;
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
 * @param credentials what it is asked for with, in words, if it is asked at all
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
    Optional<String> credentials,
    Preflight image,
    double overhead,
    Optional<TargetView> target) {

  static Explanation of(
      Source source,
      Optional<String> credentials,
      Preflight image,
      boolean ranges,
      double overhead,
      Optional<TargetView> target) {
    return new Explanation(
        source.name(),
        source.length(),
        ranges,
        source.identity(),
        source.details(),
        credentials,
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

  /** Returns where the disk ends, when its size is known. */
  Optional<DiskAlignment> alignment() {
    return image.virtualSize().isPresent()
        ? Optional.of(new DiskAlignment(image.virtualSize().getAsLong()))
        : Optional.empty();
  }

  /** Says whether the disk fits, when both are known. */
  Optional<Boolean> fits() {
    return alignment().flatMap(disk -> target.map(view -> disk.diskSize() <= view.capacity()));
  }

  /** Says whether the disk ends with a sector of the target, when both are known. */
  Optional<Boolean> aligned() {
    return alignment().flatMap(disk -> target.map(view -> disk.fits(view.sector())));
  }

  /** Describes the sectors of a device and where the disk ends in them. */
  String sectors(int sector) {
    return alignment()
        .map(disk -> disk.on(sector))
        .orElse("logical sectors of %d bytes".formatted(sector));
  }
}
