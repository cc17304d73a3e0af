package io.gantry.importer;

import io.gantry.format.OpenOptions;
import io.gantry.io.InputException;
import io.gantry.journal.ResumableTarget;
import io.gantry.source.DigestMismatchException;
import io.gantry.source.SourceException;
import io.gantry.target.Preallocation;
import io.gantry.target.Target;
import io.gantry.target.TargetOptions;
import io.gantry.target.Targets;
import io.gantry.transfer.Progress;
import io.gantry.transfer.Transfer;
import io.gantry.transfer.TransferOptions;
import io.gantry.transfer.TransferResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** One disk image into the volume, in one pass. */
final class DiskImport {

  private final ImporterConfig config;
  private final ImporterPaths paths;
  private final Volume volume;
  private final Progress progress;
  private final WorkerLog log;

  DiskImport(
      ImporterConfig config, ImporterPaths paths, Volume volume, Progress progress, WorkerLog log) {
    this.config = config;
    this.paths = paths;
    this.volume = volume;
    this.progress = progress;
    this.log = log;
  }

  ImportResult run(ImportSource source) throws ImportException {
    Optional<String> identity = identity(source);
    try {
      if (isComplete(identity)) {
        log.info("the disk was complete already");
        return complete(source);
      }
      if (identity.isEmpty()) {
        // A journal of another run must not outlive what it speaks of.
        volume.discard();
      }
      try (Target opened = Targets.open(volume.disk(), targetOptions(identity));
          BoundedTarget target =
              new BoundedTarget(resumable(opened, identity), volume.available());
          Shutdown _ = Shutdown.abandoning(target)) {
        return run(source, target);
      }
    } catch (IOException | RuntimeException e) {
      discardUnlessWorthAnotherTry(e);
      throw ImportException.processing(FailureText.of(e), e);
    }
  }

  /**
   * Returns what a journal is known by, if there is to be one: the source, and the owner of the
   * volume. A device may come to somebody else with an old journal on it and other things written
   * since; he has another owner, and nobody who has none can be told from him.
   */
  private Optional<String> identity(ImportSource source) {
    boolean owned = !volume.isBlock() || !config.ownerUid().isEmpty();
    return source
        .source()
        .identity()
        .filter(_ -> config.resume() && owned)
        .map(bytes -> config.ownerUid() + ", " + bytes);
  }

  private boolean isComplete(Optional<String> identity) throws IOException {
    return identity.isPresent()
        && volume.earlier().isPresent()
        && volume.earlier().get().complete()
        && volume.earlier().get().isOf(identity.get())
        && Files.isRegularFile(volume.disk())
        && Files.size(volume.disk()) == volume.earlier().get().diskSize();
  }

  private Target resumable(Target target, Optional<String> identity) {
    if (identity.isEmpty()) {
      return target;
    }
    return volume.isBlock()
        ? ResumableTarget.onDevice(target, identity.get(), this::resumed)
        : ResumableTarget.withFile(
            target, paths.journal(), identity.get(), volume.room(), this::resumed);
  }

  private void resumed(long bytes) {
    log.info("going on where an earlier run stopped, %d bytes are there".formatted(bytes));
  }

  private ImportResult run(ImportSource source, BoundedTarget target) throws IOException {
    TransferResult result;
    try {
      result = Transfer.run(source.source(), target, transferOptions(), progress);
    } catch (DigestMismatchException e) {
      target.close();
      volume.discard();
      neutralize(target.diskSize());
      return ImportResult.checksumMismatch(FailureText.checksumMismatch(FailureText.TO_FILE, e));
    } catch (IOException e) {
      target.requireFits();
      throw e;
    }
    if (result instanceof TransferResult.ScratchRequired(String reason)) {
      target.close();
      volume.discard();
      log.info("scratch space required: " + reason);
      return ImportResult.scratchRequired();
    }
    return complete(source);
  }

  private ImportResult complete(ImportSource source) throws IOException {
    volume.setDiskMode();
    return ImportResult.complete(config.preallocation(), source.labels());
  }

  /** The next run goes on with what is there when the source broke off; else it is of no use. */
  private void discardUnlessWorthAnotherTry(Exception failure) {
    if (failure instanceof SourceException || failure instanceof InputException) {
      return;
    }
    try {
      volume.discard();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** A file is gone by now; what a device holds is not what was promised, so nobody may boot it. */
  private void neutralize(long length) throws IOException {
    if (!volume.isBlock()) {
      return;
    }
    try (Target device = Targets.open(volume.disk(), TargetOptions.DEFAULT)) {
      device.prepare(length);
      device.zero(0, length);
      device.finish();
    }
  }

  private TargetOptions targetOptions(Optional<String> identity) {
    return new TargetOptions(
        config.preallocation() ? Preallocation.FALLOC : Preallocation.OFF,
        config.directIo(),
        true,
        identity.isPresent());
  }

  /** With scratch space wherever it is mounted, so that nobody asks for it a second time. */
  private TransferOptions transferOptions() {
    Optional<Path> scratch = Optional.of(paths.scratch()).filter(Files::isDirectory);
    return new TransferOptions(
            OpenOptions.DEFAULT,
            volume.diskSize(),
            scratch,
            TransferOptions.DEFAULT.threads(),
            config.expectedDigest(),
            Optional.empty())
        .withContentGuard(config.contentGuard());
  }
}
