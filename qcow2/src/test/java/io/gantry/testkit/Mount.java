package io.gantry.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A file system of the test's own; unmounted by closing. */
public record Mount(Path folder) implements Closeable {

  /** Mounts a tmpfs of {@code bytes} under {@code parent}, or skips the test. */
  public static Mount tmpfs(Path parent, long bytes) throws IOException {
    Root.assume("mount", "umount");
    Path folder = Files.createTempDirectory(parent, "tmpfs");
    Root.run("mount", "-t", "tmpfs", "-o", "size=" + bytes, "tmpfs", folder.toString());
    return new Mount(folder);
  }

  /** Mounts a ramfs, which knows nothing but reading and writing, or skips the test. */
  public static Mount ramfs(Path parent) throws IOException {
    Root.assume("mount", "umount");
    Path folder = Files.createTempDirectory(parent, "ramfs");
    Root.run("mount", "-t", "ramfs", "ramfs", folder.toString());
    return new Mount(folder);
  }

  /** Makes a file system of {@code type} in a file of {@code bytes} and mounts it. */
  public static Mount image(Path parent, String type, long bytes, String... options)
      throws IOException {
    Root.assume("mount", "umount", "mkfs." + type);
    Path image = Files.createTempFile(parent, type, ".img");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(bytes);
    }
    List<String> make = new ArrayList<>(List.of("mkfs." + type));
    make.addAll(List.of(options));
    make.add(image.toString());
    Root.run(make.toArray(String[]::new));
    Path folder = Files.createTempDirectory(parent, type);
    Root.run("mount", "-o", "loop", image.toString(), folder.toString());
    return new Mount(folder);
  }

  @Override
  public void close() throws IOException {
    Root.run("umount", folder.toString());
  }
}
