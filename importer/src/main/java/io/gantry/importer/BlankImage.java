package io.gantry.importer;

import io.gantry.runtime.WorkerLog;
import io.gantry.target.Preallocation;
import io.gantry.target.Target;
import io.gantry.target.TargetOptions;
import io.gantry.target.Targets;
import io.gantry.transfer.Progress;
import java.io.IOException;
import java.util.Map;

/** Source {@code none}: an empty disk. */
final class BlankImage {

  private static final long PIECE = 64L << 20;

  private final ImporterConfig config;
  private final Volume volume;
  private final Progress progress;
  private final WorkerLog log;

  BlankImage(ImporterConfig config, Volume volume, Progress progress, WorkerLog log) {
    this.config = config;
    this.volume = volume;
    this.progress = progress;
    this.log = log;
  }

  ImportResult create() throws ImportException {
    // Whatever else it is: the reference knows no other words.
    if (config.contentType() != ImporterConfig.ContentType.KUBEVIRT) {
      throw ImportException.of(
          ErrorCode.ENVIRONMENT, "Cannot create empty disk with content type archive", null);
    }
    if (volume.isBlock() && !config.preallocation()) {
      return ImportResult.untouched();
    }
    long wanted =
        config
            .imageSize()
            .orElseThrow(
                () ->
                    ImportException.panic(
                        ErrorCode.ENVIRONMENT,
                        "IMPORTER_IMAGE_SIZE is empty, and a blank disk has no other size"));
    try {
      volume.discard();
      fill(size(wanted));
      volume.publish();
      return ImportResult.complete(config.preallocation(), Map.of());
    } catch (IOException e) {
      throw ImportException.of(
          ErrorCode.of(e), "Unable to create blank image: " + e.getMessage(), e);
    }
  }

  private long size(long wanted) {
    long size = Math.min(volume.available(), wanted);
    if (size < wanted) {
      log.warning("%d bytes asked for, %d are there".formatted(wanted, size));
    }
    return volume.isBlock() ? size : VolumeSize.usable(config.filesystemOverhead(), size);
  }

  /** A device is zeroed actively; a new file reads as zero, and is allocated if asked for. */
  private void fill(long size) throws IOException {
    TargetOptions options =
        new TargetOptions(
            config.preallocation() ? Preallocation.FALLOC : Preallocation.OFF, false, true);
    try (Target target = Targets.open(volume.target(), options);
        Shutdown _ = Shutdown.abandoning(target)) {
      long diskSize = Math.min(VolumeSize.inSectors(size), target.capacity());
      progress.enter(Progress.Phase.COPY, diskSize);
      target.prepare(diskSize);
      if (!target.startsZeroed()) {
        zero(target, diskSize);
      }
      target.finish();
    }
  }

  private void zero(Target target, long diskSize) throws IOException {
    for (long at = 0; at < diskSize; at += PIECE) {
      long length = Math.min(PIECE, diskSize - at);
      target.zero(at, length);
      progress.work(length);
    }
  }
}
