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
 * @param contentGuard refuse what is no disk but a page, a document or a message ({@link
 *     io.gantry.format.ContentGuard}), before the target is touched
 * @param rawBytesMin refuse a raw image with fewer bytes than that, at the same time; at most a
 *     sector
 */
public record TransferOptions(
    OpenOptions open,
    OptionalLong size,
    Optional<Path> scratch,
    int threads,
    Optional<ExpectedDigest> checksum,
    Optional<String> digestAlgorithm,
    boolean contentGuard,
    int rawBytesMin) {

  public static final TransferOptions DEFAULT =
      new TransferOptions(
          OpenOptions.DEFAULT,
          OptionalLong.empty(),
          Optional.empty(),
          Math.max(2, Runtime.getRuntime().availableProcessors()),
          Optional.empty(),
          Optional.empty(),
          false,
          0);

  /** Options of a transfer whose source is trusted to be a disk. */
  public TransferOptions(
      OpenOptions open,
      OptionalLong size,
      Optional<Path> scratch,
      int threads,
      Optional<ExpectedDigest> checksum,
      Optional<String> digestAlgorithm) {
    this(open, size, scratch, threads, checksum, digestAlgorithm, false, 0);
  }

  /** Returns the same options, with the content guard on or off. */
  public TransferOptions withContentGuard(boolean on) {
    return new TransferOptions(
        open, size, scratch, threads, checksum, digestAlgorithm, on, rawBytesMin);
  }

  /** Returns the same options, with another least size of a raw image. */
  public TransferOptions withRawBytesMin(int bytes) {
    return new TransferOptions(
        open, size, scratch, threads, checksum, digestAlgorithm, contentGuard, bytes);
  }
}
