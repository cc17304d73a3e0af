package io.gantry.cli;

import io.gantry.target.BlockDevice;
import io.gantry.target.TargetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A target, looked at and left alone.
 *
 * @param path as it was given
 * @param kind {@code file}, {@code block device}, or {@code new file}
 * @param capacity bytes that fit
 * @param sector bytes of a device's logical sector
 */
record TargetView(String path, String kind, long capacity, OptionalInt sector) {

  static TargetView of(String operand) throws IOException {
    Path path = Sources.path(operand);
    if (!Files.exists(path)) {
      Path here = path.toAbsolutePath();
      long room = room(Objects.requireNonNullElse(here.getParent(), here));
      return new TargetView(operand, "new file", room, OptionalInt.empty());
    }
    if (Files.isRegularFile(path)) {
      return new TargetView(operand, "file", room(path) + Files.size(path), OptionalInt.empty());
    }
    Optional<BlockDevice> device = BlockDevice.at(path);
    if (device.isEmpty()) {
      throw new TargetException(
          TargetException.Kind.NOT_WRITABLE,
          path + ": is neither a regular file nor a block device");
    }
    return new TargetView(
        operand, "block device", device.get().size(), OptionalInt.of(device.get().logicalSector()));
  }

  private static long room(Path path) throws IOException {
    return Files.getFileStore(path).getUsableSpace();
  }
}
