package io.gantry.archive;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.gantry.image.ImageException;
import io.gantry.source.StreamSource;
import io.gantry.target.TargetException;
import io.gantry.testkit.TarBuilder;
import io.gantry.transfer.Progress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Whatever a stranger sends as an archive: it is unpacked or refused in one line, and nothing
 * beside the directory is created, changed, linked or touched.
 */
class TarFuzzTest {

  private static final ArchiveOptions SMALL =
      new ArchiveOptions(
          ArchiveOptions.DEFAULT.wrapping(),
          new ArchiveLimits(100, 400, 20, 1 << 16, 1000, 1 << 16),
          1,
          ArchiveOptions.DEFAULT.checksum());

  private static final String ATTRIBUTES =
      "unix:mode,ino,nlink,size,uid,gid,lastModifiedTime,ctime";

  @FuzzTest
  void changesNothingOutside(byte[] archive) throws IOException {
    Path folder = Files.createTempDirectory(temporary(), "tar-fuzz");
    try {
      Path outside = Files.createDirectory(folder.resolve("outside"));
      Files.writeString(outside.resolve("secret"), "secret");
      Path directory = Files.createDirectory(folder.resolve("directory"));
      Files.createSymbolicLink(directory.resolve("planted"), outside);
      Map<Path, Object> before = outside(folder, directory);
      unpack(repaired(archive), directory);
      Map<Path, Object> after = outside(folder, directory);
      if (!after.equals(before)) {
        throw new AssertionError("outside was %s and is %s".formatted(before, after));
      }
    } finally {
      remove(folder);
    }
  }

  /** In memory, where syncing costs nothing: that makes ten times as many runs a second. */
  private static Path temporary() {
    Path memory = Path.of("/dev/shm");
    return Files.isWritable(memory) ? memory : Path.of(System.getProperty("java.io.tmpdir"));
  }

  private static void unpack(byte[] archive, Path directory) throws IOException {
    try (StreamSource source =
        StreamSource.of("fuzz", Channels.newChannel(new ByteArrayInputStream(archive)))) {
      TarExtractor.extract(source, directory, SMALL, new Progress());
    } catch (ImageException | TargetException e) {
      String message = String.valueOf(e.getMessage());
      boolean named = message.startsWith("fuzz: ") || message.startsWith(directory + ": ");
      if (!named || message.chars().anyMatch(Character::isISOControl)) {
        throw new AssertionError("a poor message", e);
      }
    }
  }

  /** A mutated header keeps its checksum right, or every one would end at the first line. */
  private static byte[] repaired(byte[] archive) {
    byte[] repaired = archive.clone();
    for (int at = 0; at + 512 <= repaired.length; at += 512) {
      boolean header = repaired[at + 257] == 'u' && repaired[at + 258] == 's';
      if (header) {
        TarBuilder.repairChecksum(repaired, at);
      }
    }
    return repaired;
  }

  /** All that can be seen of the files outside; of the folder itself only its entries. */
  private static Map<Path, Object> outside(Path folder, Path directory) throws IOException {
    Map<Path, Object> seen = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      seen.put(folder, files.sorted().toList());
    }
    for (Path file : List.of(folder.resolve("outside"), folder.resolve("outside/secret"))) {
      seen.put(
          file, new TreeMap<>(Files.readAttributes(file, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS)));
    }
    try (Stream<Path> files = Files.list(folder.resolve("outside"))) {
      seen.put(directory, files.toList());
    }
    return seen;
  }

  private static void remove(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
            allow(path);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(path);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path path, IOException failure)
              throws IOException {
            Files.delete(path);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void allow(Path path) {
    try {
      Files.setAttribute(path, "unix:mode", 0700);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
