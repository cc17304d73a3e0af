package io.gantry.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * A memory cgroup with a limit, page cache counted, as a pod has; of version 1 or 2, whichever is
 * mounted.
 *
 * @param directory of the cgroup
 */
record MemoryCgroup(Path directory) implements AutoCloseable {

  private static final Path MOUNTED = Path.of("/sys/fs/cgroup");

  /** Makes one, or ends the test when this machine does not let us. */
  static MemoryCgroup limitedTo(long bytes) {
    Path version1 = MOUNTED.resolve("memory");
    boolean second = !Files.isDirectory(version1);
    String name = "gantry-e2e-" + ProcessHandle.current().pid();
    Path directory = (second ? MOUNTED : version1).resolve(name);
    try {
      Files.createDirectory(directory);
      String limit = second ? "memory.max" : "memory.limit_in_bytes";
      Files.writeString(directory.resolve(limit), Long.toString(bytes));
      if (second) {
        Files.writeString(directory.resolve("memory.swap.max"), "0");
      }
      return new MemoryCgroup(directory);
    } catch (IOException e) {
      return Assumptions.abort("needs root and a memory cgroup to make one in: " + e);
    }
  }

  /** Returns the words before a command that make it a member first. */
  String[] member() {
    String procs = directory.resolve("cgroup.procs").toString();
    return new String[] {"sh", "-c", "echo $$ > '" + procs + "'; exec \"$@\"", "sh"};
  }

  @Override
  public void close() throws IOException {
    Files.delete(directory);
  }
}
