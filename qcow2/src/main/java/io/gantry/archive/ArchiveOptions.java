package io.gantry.archive;

import io.gantry.image.Limits;
import io.gantry.source.ExpectedDigest;
import java.util.Optional;

/**
 * How an archive is unpacked, apart from its two ends.
 *
 * @param wrapping bounds of the decoders of what is around the archive
 * @param limits bounds of the archive itself
 * @param threads that may decode side by side
 * @param checksum what the source bytes must match
 */
public record ArchiveOptions(
    Limits wrapping, ArchiveLimits limits, int threads, Optional<ExpectedDigest> checksum) {

  public static final ArchiveOptions DEFAULT =
      new ArchiveOptions(
          Limits.DEFAULT,
          ArchiveLimits.DEFAULT,
          Math.max(2, Runtime.getRuntime().availableProcessors()),
          Optional.empty());

  /** Returns the same options with a checksum of the source. */
  public ArchiveOptions withChecksum(ExpectedDigest expected) {
    return new ArchiveOptions(wrapping, limits, threads, Optional.of(expected));
  }
}
