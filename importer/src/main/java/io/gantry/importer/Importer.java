package io.gantry.importer;

import io.gantry.runtime.WorkerLog;
import io.gantry.transfer.Progress;
import java.io.IOException;

/**
 * One import, from the environment to the result that the controller reads.
 *
 * <p>What the reference does in phases (spool, inspect, convert, grow) happens here in one pass:
 * the source is decoded while it arrives, into a target that has its final size from the start.
 */
final class Importer {

  private final ImporterConfig config;
  private final ImporterPaths paths;
  private final Progress progress;
  private final ImportMetrics metrics;
  private final WorkerLog log;
  private final Volume volume;

  Importer(
      ImporterConfig config,
      ImporterPaths paths,
      Progress progress,
      ImportMetrics metrics,
      WorkerLog log) {
    this.config = config;
    this.paths = paths;
    this.progress = progress;
    this.metrics = metrics;
    this.log = log;
    this.volume = new Volume(config, paths);
  }

  /** Runs it; every failure is a result. */
  ImportResult run() {
    try {
      return fill();
    } catch (ImportException failure) {
      return failed(failure);
    } catch (RuntimeException | Error e) {
      return failed(ImportException.processing("internal error: " + e, e));
    }
  }

  private ImportResult failed(ImportException failure) {
    ErrorCode code = failure.code();
    log.info(
        "error code %s (%s), see docs/errors.md; the same import %s succeed later"
            .formatted(code.code(), code, code.retryHelps() ? "may" : "cannot"));
    return failure.result();
  }

  /** Removes what only a next run would need; to be called when success has been told. */
  void cleanUp() {
    try {
      volume.removeJournal();
    } catch (IOException e) {
      log.warning("the journal cannot be removed: " + e.getMessage());
    }
  }

  private ImportResult fill() throws ImportException {
    if (config.contentType() != ImporterConfig.ContentType.KUBEVIRT
        && (config.source().equals("registry") || config.source().equals("imageio"))) {
      throw ImportException.silent(
          ErrorCode.ENVIRONMENT,
          "source %s has disks only: IMPORTER_CONTENTTYPE is \"%s\", must be kubevirt"
              .formatted(config.source(), config.env().get("IMPORTER_CONTENTTYPE").orElse("")));
    }
    volume.measure();
    if (config.source().equals("none")) {
      return told(new BlankImage(config, volume, progress, log).create());
    }
    Handshake handshake = new Handshake(config, paths);
    handshake.awaitReady();
    ImportResult result = told(importFrom(handshake));
    handshake.done();
    return result;
  }

  /** Tells of a volume that is complete, in the words that CDI's functional tests look for. */
  private ImportResult told(ImportResult result) {
    if (result.complete()) {
      metrics.complete();
      log.verbose(3, "Successfully completed fsync(%s) syscall".formatted(volume.destination()));
    }
    return result;
  }

  private ImportResult importFrom(Handshake handshake) throws ImportException {
    try (ImportSource source = new SourceOpener(config, paths, log).open(handshake)) {
      metrics.reading(source.source());
      if (config.isArchive()) {
        return new ArchiveImport(volume, progress, log).run(source, config.expectedDigest());
      }
      return new DiskImport(config, paths, volume, progress, log).run(source);
    } catch (IOException e) {
      throw ImportException.processing("closing the source: " + e.getMessage(), e);
    }
  }
}
