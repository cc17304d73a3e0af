package io.gantry.target;

import io.gantry.linux.Fd;
import io.gantry.linux.Libc;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A block device that is looked at and left alone; also one that is in use.
 *
 * @param size bytes
 * @param logicalSector the smallest piece it takes, bytes
 */
public record BlockDevice(long size, int logicalSector) {

  /** Returns what {@code path} names, when that is a block device. */
  public static Optional<BlockDevice> at(Path path) throws IOException {
    if (!Targets.isBlockDevice(path)) {
      return Optional.empty();
    }
    try (Fd fd = Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC)) {
      return Optional.of(new BlockDevice(Libc.blkGetSize64(fd), Libc.blkSszGet(fd)));
    } catch (IOException e) {
      throw Diagnosis.of(path.toString(), "look at the device", true, e);
    }
  }
}
