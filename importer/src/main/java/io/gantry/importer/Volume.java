package io.gantry.importer;

import io.gantry.io.FileInput;
import io.gantry.journal.ResumePoint;
import io.gantry.target.Diagnosis;
import io.gantry.target.TargetException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The volume to be filled: a file system with the disk in a file, or a block device. */
final class Volume {

  /** The emulator runs with the volume's group, so both read and write. */
  private static final String DISK_MODE = "rw-rw----";

  private final ImporterConfig config;
  private final ImporterPaths paths;
  private final boolean block;
  private long room = -1;
  private long available = -1;
  private Optional<ResumePoint> earlier = Optional.empty();

  Volume(ImporterConfig config, ImporterPaths paths) {
    this.config = config;
    this.paths = paths;
    this.block = Files.exists(paths.blockDevice());
  }

  boolean isBlock() {
    return block;
  }

  /**
   * Returns what is written to: the device, or a file that gets the disk's name when it is
   * complete, so that nobody takes half a disk for one.
   */
  Path target() {
    return block ? paths.blockDevice() : paths.unfinishedDisk();
  }

  private Path disk() {
    return block ? paths.blockDevice() : paths.diskImage();
  }

  /** Returns what is filled: the disk, or the directory of an archive. */
  Path destination() {
    return config.isArchive() && !block ? directory() : disk();
  }

  /** Returns the directory that an archive is unpacked into. */
  Path directory() {
    return paths.volume();
  }

  /**
   * Finds out how much room there is. What lies where the disk will be stays until there is
   * something to put in its place, but its room is ours; when an earlier run left a journal of it,
   * the journal tells what room there was.
   */
  void measure() throws ImportException {
    try {
      if (block) {
        available = deviceSize();
        return;
      }
      if (!config.isArchive()) {
        earlier = config.resume() ? ResumePoint.read(paths.journal()) : Optional.empty();
      }
      room = earlier.isPresent() ? earlier.get().room() : usableSpace() + leftoverBytes();
      available = Math.min(room, config.imageSize().orElse(Long.MAX_VALUE));
    } catch (IOException e) {
      throw ImportException.silent(
          ErrorCode.VOLUME_NOT_WRITABLE,
          "the size of the target cannot be determined: " + failed("ask for it", e).getMessage());
    }
  }

  private long usableSpace() throws IOException {
    return Files.getFileStore(paths.volume()).getUsableSpace();
  }

  /** What removing a disk of before will free; an archive is unpacked beside it. */
  private long leftoverBytes() throws IOException {
    return config.isArchive()
        ? 0
        : allocatedBytes(paths.diskImage()) + allocatedBytes(paths.unfinishedDisk());
  }

  private static long allocatedBytes(Path file) throws IOException {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        ? FileInput.allocatedBytes(file).orElse(0)
        : 0;
  }

  /** Returns the room on the volume before the disk takes it, bytes. */
  long room() {
    return room;
  }

  /** Returns what an earlier run left word of beside the disk. */
  Optional<ResumePoint> earlier() {
    return earlier;
  }

  /**
   * Removes the disk, and what was known of it: nobody is to go on with it. A device keeps its
   * node.
   *
   * @throws TargetException when it cannot be removed
   */
  void discard() throws TargetException {
    if (!block) {
      remove(List.of(paths.diskImage(), paths.unfinishedDisk()));
    }
  }

  /**
   * Removes what a broken off import of a disk left behind; a disk that is complete stays.
   *
   * @throws TargetException when it cannot be removed
   */
  void discardUnfinished() throws TargetException {
    if (!block) {
      remove(List.of(paths.unfinishedDisk()));
    }
  }

  private TargetException failed(String deed, IOException cause) {
    return Diagnosis.of(destination().toString(), deed, false, cause);
  }

  /** Removes everything in the volume but the file system's own directory, which is root's. */
  void empty() throws TargetException {
    try (Stream<Path> list = Files.list(paths.volume())) {
      for (Path entry : list.filter(entry -> !entry.endsWith("lost+found")).toList()) {
        deleteTree(entry);
      }
    } catch (IOException e) {
      throw failed("remove what is there", e);
    }
  }

  /** Leaves nothing but the disk. */
  void removeJournal() throws IOException {
    if (!block && !config.isArchive()) {
      ResumePoint.remove(paths.journal());
    }
  }

  private long deviceSize() throws IOException {
    try (FileChannel device = FileChannel.open(paths.blockDevice(), StandardOpenOption.READ)) {
      return device.size();
    }
  }

  /** Never follows a link, and removes a directory with all that is in it. */
  private void remove(List<Path> disks) throws TargetException {
    try {
      ResumePoint.remove(paths.journal());
      for (Path disk : disks) {
        if (Files.exists(disk, LinkOption.NOFOLLOW_LINKS)) {
          deleteTree(disk);
        }
      }
    } catch (IOException e) {
      throw failed("remove what is there", e);
    }
  }

  static void deleteTree(Path top) throws IOException {
    Files.walkFileTree(
        top,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Returns the largest virtual size that can be accepted, bytes. */
  long available() {
    return available;
  }

  /** Returns the size a disk is grown to; none on a device, or when no size was asked for. */
  OptionalLong diskSize() {
    if (block || config.imageSize().isEmpty()) {
      return OptionalLong.empty();
    }
    long usable = VolumeSize.usable(config.filesystemOverhead(), available);
    return OptionalLong.of(Math.min(config.imageSize().getAsLong(), usable));
  }

  /** Returns what holds a disk that the journal calls complete: it may have got its name or not. */
  Path completeDisk() {
    return Files.exists(target(), LinkOption.NOFOLLOW_LINKS) ? target() : disk();
  }

  /** Gives the finished file the mode that the emulator wants, and then its name. */
  void publish() throws TargetException {
    if (block) {
      return;
    }
    try {
      Path complete = completeDisk();
      Files.setPosixFilePermissions(complete, PosixFilePermissions.fromString(DISK_MODE));
      if (!complete.equals(disk())) {
        Files.move(complete, disk(), StandardCopyOption.ATOMIC_MOVE);
        syncDirectory();
      }
    } catch (IOException e) {
      throw failed("give it mode and name", e);
    }
  }

  /** A name is there for good only when its directory is (fsync(2)). */
  private void syncDirectory() throws IOException {
    try (FileChannel directory = FileChannel.open(paths.volume(), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }
}
