package io.gantry.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Random writes, discards and zero writes at odd offsets, as words for qemu-io.
 *
 * @param seed the same seed makes the same life
 * @param size bytes of the disk
 * @param count number of commands
 */
record GuestLife(long seed, int size, int count) {

  private static final int SECTOR = 512;

  /** Returns the command line that lives it on a QCOW2 image. */
  Object[] commands(Path image) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Object> words = new ArrayList<>(List.of("qemu-io", "-d", "unmap", "-f", "qcow2"));
    for (int i = 0; i < count; i++) {
      words.add("-c");
      words.add(command(random));
    }
    words.add(image);
    return words.toArray();
  }

  private String command(SplittableRandom random) {
    int length = SECTOR * random.nextInt(1, 256);
    int offset = SECTOR * random.nextInt((size - length) / SECTOR);
    return switch (random.nextInt(6)) {
      case 0 -> "write -z %d %d".formatted(offset, length);
      case 1 -> "write -z -u %d %d".formatted(offset, length);
      case 2 -> "discard %d %d".formatted(offset, length);
      // Not aligned to anything: qemu-io reads, changes and writes back.
      case 3 -> "write -P %d %d %d".formatted(random.nextInt(1, 256), offset + 7, length - 11);
      default -> "write -P %d %d %d".formatted(random.nextInt(1, 256), offset, length);
    };
  }
}
