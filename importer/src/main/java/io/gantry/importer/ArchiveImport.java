package io.gantry.importer;

import io.gantry.archive.ArchiveOptions;
import io.gantry.archive.ArchiveReceipt;
import io.gantry.archive.TarExtractor;
import io.gantry.image.TooShortException;
import io.gantry.runtime.WorkerLog;
import io.gantry.source.DigestMismatchException;
import io.gantry.source.ExpectedDigest;
import io.gantry.transfer.Progress;
import java.io.IOException;
import java.util.Optional;

/** An archive, unpacked into a filesystem volume. */
final class ArchiveImport {

  private static final String TO_DIRECTORY = "Unable to transfer source data to target directory: ";

  private final Volume volume;
  private final Progress progress;
  private final WorkerLog log;

  ArchiveImport(Volume volume, Progress progress, WorkerLog log) {
    this.volume = volume;
    this.progress = progress;
    this.log = log;
  }

  ImportResult run(ImportSource source, Optional<ExpectedDigest> checksum) throws ImportException {
    if (volume.isBlock()) {
      throw ImportException.of(
          ErrorCode.ENVIRONMENT,
          "Unable to process data: " + TO_DIRECTORY + "an archive cannot be unpacked on a device",
          null);
    }
    try {
      volume.discardUnfinished();
      return unpack(source, checksum);
    } catch (TooShortException e) {
      throw ImportException.processing(FailureText.tooShort(e), e);
    } catch (IOException | RuntimeException e) {
      throw ImportException.processing(
          TO_DIRECTORY + "unable to untar files from endpoint: " + e.getMessage(), e);
    }
  }

  private ImportResult unpack(ImportSource source, Optional<ExpectedDigest> checksum)
      throws IOException {
    ArchiveOptions options =
        checksum.map(ArchiveOptions.DEFAULT::withChecksum).orElse(ArchiveOptions.DEFAULT);
    try {
      ArchiveReceipt receipt =
          TarExtractor.extract(source.source(), volume.directory(), options, progress);
      receipt.warnings().forEach(log::warning);
      return ImportResult.complete(false, source.labels());
    } catch (DigestMismatchException e) {
      volume.empty();
      return ImportResult.checksumMismatch(FailureText.checksumMismatch(TO_DIRECTORY, e));
    }
  }
}
