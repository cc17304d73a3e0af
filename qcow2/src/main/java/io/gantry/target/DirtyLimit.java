package io.gantry.target;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How much may be written to the page cache before it has to be on disk.
 *
 * <p>The page cache of a process counts against its memory cgroup. Clean pages are given back at
 * once, dirty ones only at the speed of the disk, and version 1 of the controller does not slow
 * down a writer that makes too many: it kills him. So the limit is an eighth of the memory there
 * is.
 */
record DirtyLimit(long bytes) {

  private static final int SHARE = 8;
  private static final long MIN = 8L << 20;
  private static final long MAX = 4L << 30;

  /** Reads the limit of this process. What cannot be read counts as little memory. */
  static DirtyLimit ofThisProcess() {
    return of(Path.of("/"));
  }

  static DirtyLimit of(Path root) {
    long memory = Math.min(available(root), cgroup(root));
    return new DirtyLimit(Math.clamp(memory / SHARE, MIN, MAX));
  }

  /** {@code MemAvailable: 22713360 kB} (proc_meminfo(5)). */
  private static long available(Path root) {
    return lines(root.resolve("proc/meminfo")).stream()
        .filter(line -> line.startsWith("MemAvailable:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
        .findFirst()
        .orElse(0);
  }

  /**
   * The least limit of the groups this process is in, from lines like {@code 4:memory:/pod/box}
   * (version 1) or {@code 0::/pod/box} (version 2); cgroups(7).
   */
  private static long cgroup(Path root) {
    long least = Long.MAX_VALUE;
    for (String line : lines(root.resolve("proc/self/cgroup"))) {
      String[] fields = line.split(":", 3);
      if (fields.length == 3 && List.of(fields[1].split(",")).contains("memory")) {
        Path controller = root.resolve("sys/fs/cgroup/memory");
        least = Math.min(least, least(controller, fields[2], "memory.limit_in_bytes"));
      } else if (fields.length == 3 && fields[1].isEmpty()) {
        least = Math.min(least, least(root.resolve("sys/fs/cgroup"), fields[2], "memory.max"));
      }
    }
    return least;
  }

  /**
   * The least limit from the group up to the top. In a container the path is often that of the
   * host, and the group itself is mounted at the top: what is not there is passed over.
   */
  private static long least(Path controller, String group, String file) {
    long least = Long.MAX_VALUE;
    @Nullable Path at = controller.resolve(group.substring(1)).normalize();
    while (at != null && at.startsWith(controller)) {
      least = Math.min(least, number(at.resolve(file)).orElse(Long.MAX_VALUE));
      at = at.getParent();
    }
    return least;
  }

  /** The number in a file; none when it says {@code max}. */
  private static OptionalLong number(Path file) {
    return lines(file).stream()
        .filter(line -> line.matches("[0-9]{1,18}"))
        .mapToLong(Long::parseLong)
        .findFirst();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      return List.of();
    }
  }
}
