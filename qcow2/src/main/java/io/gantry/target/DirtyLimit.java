package io.gantry.target;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How much may be written to the page cache before it has to be on disk.
 *
 * <p>The page cache of a process counts against its memory cgroup. Clean pages are given back at
 * once, dirty ones only at the speed of the disk, and version 1 of the controller does not slow
 * down a writer that makes too many: it kills him. So the limit is an eighth of the memory there
 * is.
 *
 * <p>Read with plain loops: this runs once in every conversion, and regular expressions and streams
 * took 30 ms there, most of it loading classes.
 */
record DirtyLimit(long bytes) {

  private static final int SHARE = 8;
  private static final long MIN = 8L << 20;
  private static final long MAX = 4L << 30;

  /** File systems that are the page cache: there is no disk to write to, and nothing to drop. */
  private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs");

  /** Until the limit is known; it takes a few milliseconds to find out. */
  static final DirtyLimit UNKNOWN = new DirtyLimit(32L << 20);

  static final DirtyLimit NONE = new DirtyLimit(Long.MAX_VALUE);

  /** Not by {@code equals}: the first one of a record spins a dozen classes. */
  boolean isNone() {
    return bytes == NONE.bytes;
  }

  /** Returns the limit for writing to {@code file}. What cannot be read counts as little memory. */
  static DirtyLimit ofFile(Path file) throws IOException {
    return IN_MEMORY.contains(Files.getFileStore(file).type()) ? NONE : of(Path.of("/"));
  }

  static DirtyLimit ofDevice() {
    return of(Path.of("/"));
  }

  /** Reads the limit from the proc and sys file systems under {@code root}. */
  static DirtyLimit of(Path root) {
    long memory = Math.min(available(root), cgroup(root));
    return new DirtyLimit(Math.clamp(memory / SHARE, MIN, MAX));
  }

  /** {@code MemAvailable: 22713360 kB} (proc_meminfo(5)). */
  private static long available(Path root) {
    String name = "MemAvailable:";
    for (String line : lines(root.resolve("proc/meminfo"))) {
      if (line.startsWith(name) && line.endsWith(" kB")) {
        return Math.min(
                number(line.substring(name.length(), line.length() - 3).strip()),
                Long.MAX_VALUE >> 10)
            << 10;
      }
    }
    return 0;
  }

  /**
   * The least limit of the groups this process is in, from lines like {@code 4:memory:/pod/box}
   * (version 1) or {@code 0::/pod/box} (version 2); cgroups(7).
   */
  private static long cgroup(Path root) {
    long least = Long.MAX_VALUE;
    for (String line : lines(root.resolve("proc/self/cgroup"))) {
      int controllers = line.indexOf(':') + 1;
      int group = line.indexOf(":/") + 1;
      if (controllers == 0 || group <= controllers - 1) {
        continue;
      }
      String names = line.substring(controllers, group - 1);
      if (names.isEmpty()) {
        Path top = root.resolve("sys/fs/cgroup");
        least = Math.min(least, least(top, line.substring(group), "memory.max"));
      } else if (List.of(names.split(",")).contains("memory")) {
        Path top = root.resolve("sys/fs/cgroup/memory");
        least = Math.min(least, least(top, line.substring(group), "memory.limit_in_bytes"));
      }
    }
    return least;
  }

  /**
   * The least limit from the group up to the top. In a container the path is often that of the
   * host, and the group itself is mounted at the top: what is not there is passed over.
   */
  private static long least(Path top, String group, String file) {
    long least = Long.MAX_VALUE;
    @Nullable Path at = top.resolve(group.substring(1)).normalize();
    while (at != null && at.startsWith(top)) {
      for (String line : lines(at.resolve(file))) {
        least = Math.min(least, number(line));
      }
      at = at.getParent();
    }
    return least;
  }

  /** The number in {@code text}; {@code max} and the like are no limit. */
  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      return List.of();
    }
  }
}
