package io.gantry.transfer;

import io.gantry.format.OpenOptions;
import io.gantry.source.ExpectedDigest;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a transfer is to do, apart from its two ends.
 *
 * @param open how the image is opened
 * @param size grow the disk to this many bytes; never shrinks below the data
 * @param scratch directory for temporary files, when one is given
 * @param threads threads that decode and write
 * @param checksum what the source bytes must match
 * @param digestAlgorithm digest of the finished disk to compute, e.g. {@code sha256}
 */
public record TransferOptions(
    OpenOptions open,
    OptionalLong size,
    Optional<Path> scratch,
    int threads,
    Optional<ExpectedDigest> checksum,
    Optional<String> digestAlgorithm) {

  public static final TransferOptions DEFAULT =
      new TransferOptions(
          OpenOptions.DEFAULT,
          OptionalLong.empty(),
          Optional.empty(),
          Math.max(2, Runtime.getRuntime().availableProcessors()),
          Optional.empty(),
          Optional.empty());
}
