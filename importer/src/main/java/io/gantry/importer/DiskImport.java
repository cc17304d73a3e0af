package io.gantry.importer;

import io.gantry.format.OpenOptions;
import io.gantry.io.InputException;
import io.gantry.journal.ResumableTarget;
import io.gantry.runtime.WorkerLog;
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
  private final FailureText text;

  DiskImport(
      ImporterConfig config, ImporterPaths paths, Volume volume, Progress progress, WorkerLog log) {
    this.config = config;
    this.paths = paths;
    this.volume = volume;
    this.progress = progress;
    this.log = log;
    this.text = FailureText.of(config);
  }

  ImportResult run(ImportSource source) throws ImportException {
    Optional<String> identity = identity(source);
    BoundedTarget target = new BoundedTarget(() -> openTarget(identity), volume.available());
    try (target;
        Shutdown _ = Shutdown.abandoning(target)) {
      if (isComplete(identity)) {
        log.info("the disk was complete already");
        return complete(source);
      }
      return run(source, target);
    } catch (IOException | RuntimeException e) {
      discardUnlessWorthAnotherTry(target, e);
      throw ImportException.processing(text.of(e), e);
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
        && Files.isRegularFile(volume.completeDisk())
        && Files.size(volume.completeDisk()) == volume.earlier().get().diskSize();
  }

  /** Nothing of a disk of before is kept, unless it is the beginning of this one. */
  private Target openTarget(Optional<String> identity) throws IOException {
    if (volume.earlier().filter(earlier -> identity.filter(earlier::isOf).isPresent()).isEmpty()) {
      volume.discard();
    }
    Target opened = Targets.open(volume.target(), targetOptions(identity));
    return identity.isPresent() ? resumable(opened, identity.get()) : opened;
  }

  private Target resumable(Target target, String identity) {
    return volume.isBlock()
        ? ResumableTarget.onDevice(target, identity, this::resumed)
        : ResumableTarget.withFile(target, paths.journal(), identity, volume.room(), this::resumed);
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
      if (target.isOpened()) {
        neutralize(target.diskSize());
      }
      return ImportResult.checksumMismatch(FailureText.checksumMismatch(FailureText.TO_SCRATCH, e));
    } catch (IOException e) {
      target.requireFits();
      throw e;
    }
    if (result instanceof TransferResult.ScratchRequired(String reason)) {
      target.close();
      discard(target);
      log.info("scratch space required: " + reason);
      return ImportResult.scratchRequired();
    }
    return complete(source);
  }

  private ImportResult complete(ImportSource source) throws IOException {
    volume.publish();
    return ImportResult.complete(config.preallocation(), source.labels());
  }

  /** The next run goes on with what is there when the source broke off; else it is of no use. */
  private void discardUnlessWorthAnotherTry(BoundedTarget target, Exception failure) {
    if (failure instanceof SourceException || failure instanceof InputException) {
      return;
    }
    try {
      discard(target);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** Leaves what was there before, as long as nothing has been put in its place. */
  private void discard(BoundedTarget target) throws IOException {
    if (target.isOpened() || volume.earlier().isPresent()) {
      volume.discard();
    }
  }

  /** A file is gone by now; what a device holds is not what was promised, so nobody may boot it. */
  private void neutralize(long length) throws IOException {
    if (!volume.isBlock()) {
      return;
    }
    try (Target device = Targets.open(volume.target(), TargetOptions.DEFAULT)) {
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

  /**
   * With scratch space wherever it is mounted, so that nobody asks for it a second time. What is
   * shorter than a sector is no disk, unless it lies in a container image under a disk's name.
   */
  private TransferOptions transferOptions() {
    Optional<Path> scratch = Optional.of(paths.scratch()).filter(Files::isDirectory);
    return new TransferOptions(
            OpenOptions.DEFAULT,
            volume.diskSize(),
            scratch,
            TransferOptions.DEFAULT.threads(),
            config.expectedDigest(),
            Optional.empty())
        .withContentGuard(config.contentGuard())
        .withRawBytesMin(config.source().equals("registry") ? 0 : VolumeSize.SECTOR);
  }
}
