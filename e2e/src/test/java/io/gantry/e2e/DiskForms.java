package io.gantry.e2e;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One disk in all the forms that people publish disks in, as files beside it. */
final class DiskForms {

  /** The disk itself comes first. */
  static final List<String> FILES =
      List.of(
          "disk",
          "disk.gz",
          "disk.xz",
          "disk.zst",
          "disk.gz.xz",
          "plain.qcow2",
          "deflate.qcow2",
          "zstd.qcow2",
          "plain.qcow2.gz",
          "deflate.qcow2.xz");

  private DiskForms() {}

  /**
   * Writes a disk of {@code size} bytes and all its forms into {@code folder}; returns the disk.
   */
  static Path write(Path folder, long size, long seed) throws IOException, InterruptedException {
    Path disk = GuestDisk.write(folder.resolve("disk"), size, seed);
    convert(folder, "plain.qcow2");
    convert(folder, "deflate.qcow2", "-c");
    convert(folder, "zstd.qcow2", "-c", "-o", "compression_type=zstd");
    compress(folder, "disk", ".gz");
    compress(folder, "disk", ".xz");
    compress(folder, "disk", ".zst");
    compress(folder, "disk.gz", ".xz");
    compress(folder, "plain.qcow2", ".gz");
    compress(folder, "deflate.qcow2", ".xz");
    return disk;
  }

  private static void convert(Path folder, String name, String... options)
      throws IOException, InterruptedException {
    List<Object> words = new ArrayList<>(List.of("qemu-img", "convert"));
    words.addAll(List.of(options));
    words.addAll(List.of("-f", "raw", "-O", "qcow2", "disk", name));
    Tool.runIn(folder, words.toArray());
  }

  private static void compress(Path folder, String file, String ending)
      throws IOException, InterruptedException {
    String[] words =
        switch (ending) {
          case ".gz" -> new String[] {"gzip", "-1"};
          case ".xz" -> new String[] {"xz", "-0"};
          default -> new String[] {"zstd", "-q"};
        };
    Tool.filter(folder.resolve(file), folder.resolve(file + ending), (Object[]) words);
  }
}
