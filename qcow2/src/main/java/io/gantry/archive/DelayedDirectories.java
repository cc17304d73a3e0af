package io.gantry.archive;

import io.gantry.image.ImageTooLargeException;
import io.gantry.linux.Errno;
import io.gantry.linux.ErrnoException;
import io.gantry.linux.Fd;
import io.gantry.linux.Libc;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Modes and times of directories, set when everything is in them: a read-only directory must be
 * filled first, and each member created in a directory changes its time.
 */
final class DelayedDirectories {

  /** What a map entry, a name and its parts, and a time take beside the bytes of the name. */
  private static final int ENTRY_BYTES = 300;

  /** What a directory is to become. */
  private record Directory(MemberName name, int mode, Instant modified) {

    int depth() {
      return name.components().size();
    }
  }

  private final Map<String, Directory> directories = new HashMap<>();
  private final long bytesMax;
  private long bytes;

  DelayedDirectories(ArchiveLimits limits) {
    this.bytesMax = limits.directoryBytesMax();
  }

  /** Remembers what the last member of this name says. */
  void add(MemberName name, Member member) throws ImageTooLargeException {
    Directory before =
        directories.put(name.normalized(), new Directory(name, member.mode(), member.modified()));
    if (before == null) {
      bytes += ENTRY_BYTES + 3L * name.text().length();
      if (bytes > bytesMax) {
        throw new ImageTooLargeException(
            "the archive has more than %d directories, whose modes and times would take over %d bytes of memory"
                .formatted(directories.size() - 1, bytesMax));
      }
    }
  }

  /** Sets them all, the deepest first: a directory above may then be closed. */
  void apply(Tree tree, Consumer<String> warnings) throws IOException {
    List<Directory> deepestFirst =
        directories.values().stream()
            .sorted(Comparator.comparingInt(Directory::depth).reversed())
            .toList();
    for (Directory directory : deepestFirst) {
      try (Fd fd = tree.openDirectory(directory.name())) {
        if (fd != null) {
          apply(directory, fd, warnings);
        }
      }
    }
  }

  /**
   * Exactly the mode of the archive: like GNU tar, this takes off a setgid bit that a directory
   * inherited and its member does not have.
   *
   * <p>The top of a volume often belongs to somebody else who lets our group write; there is
   * nothing wrong with the files in it then. GNU tar fails.
   */
  private static void apply(Directory directory, Fd fd, Consumer<String> warnings)
      throws IOException {
    try {
      Libc.futimens(fd, directory.modified());
      Libc.fchmod(fd, directory.mode());
    } catch (ErrnoException e) {
      if (!directory.name().isRoot() || e.errno() != Errno.EPERM) {
        throw e;
      }
      warnings.accept("the directory itself keeps its mode and time: it is not ours");
    }
  }
}
