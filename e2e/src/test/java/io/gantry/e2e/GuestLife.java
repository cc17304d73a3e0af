package io.gantry.e2e;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Random writes, discards and zero writes at odd offsets, and compressed clusters, as words for
 * qemu-io.
 *
 * @param seed the same seed makes the same life
 * @param size bytes of the disk
 * @param count number of commands
 */
record GuestLife(long seed, int size, int count) {

  private static final int SECTOR = 512;

  /** A small cluster holds no compressed one of ours; qemu-io 7.2 breaks such images itself. */
  private static final int COMPRESSED_CLUSTER_MIN = 4 << 10;

  /**
   * Lives it on a QCOW2 image. That qemu-io ends with an error only says that a compressed cluster
   * would have overwritten another one; it goes on with the next command.
   */
  void live(Path image) throws IOException, InterruptedException {
    Tool.status(words(image));
  }

  private Object[] words(Path image) throws IOException {
    int clusterSize = clusterSize(image);
    SplittableRandom random = new SplittableRandom(seed);
    List<Object> words = new ArrayList<>(List.of("qemu-io", "-d", "unmap", "-f", "qcow2"));
    for (int i = 0; i < count; i++) {
      words.add("-c");
      words.add(command(random, clusterSize));
    }
    words.add(image);
    return words.toArray();
  }

  /** Byte 20 of the header: cluster_bits. */
  private static int clusterSize(Path image) throws IOException {
    try (InputStream in = Files.newInputStream(image)) {
      in.skipNBytes(20);
      return 1 << new DataInputStream(in).readInt();
    }
  }

  private String command(SplittableRandom random, int clusterSize) {
    int length = SECTOR * random.nextInt(1, 256);
    int offset = SECTOR * random.nextInt((size - length) / SECTOR);
    return switch (random.nextInt(8)) {
      case 0 -> "write -z %d %d".formatted(offset, length);
      case 1 -> "write -z -u %d %d".formatted(offset, length);
      case 2 -> "discard %d %d".formatted(offset, length);
      case 4, 5 -> {
        if (clusterSize < COMPRESSED_CLUSTER_MIN) {
          yield "discard %d %d".formatted(offset, length);
        }
        int first = random.nextInt(Math.max(1, size / clusterSize));
        int clusters = random.nextInt(1, Math.max(2, (128 << 10) / clusterSize));
        int end = Math.min(size, (first + clusters) * clusterSize);
        yield "write -c -P %d %d %d"
            .formatted(random.nextInt(1, 256), first * clusterSize, end - first * clusterSize);
      }
      // Not aligned to anything: qemu-io reads, changes and writes back.
      case 3 -> "write -P %d %d %d".formatted(random.nextInt(1, 256), offset + 7, length - 11);
      default -> "write -P %d %d %d".formatted(random.nextInt(1, 256), offset, length);
    };
  }
}
