package io.gantry.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** A block device that is a file; detached by closing. */
public record LoopDevice(Path path, Path backing) implements Closeable {

  /** Attaches {@code backing} with sectors of {@code sectorBytes}, or skips the test. */
  public static LoopDevice attach(Path backing, int sectorBytes) throws IOException {
    return attach(backing, "--sector-size", Integer.toString(sectorBytes));
  }

  public static LoopDevice attachReadOnly(Path backing) throws IOException {
    return attach(backing, "--sector-size", "512", "--read-only");
  }

  private static LoopDevice attach(Path backing, String... options) throws IOException {
    Root.assume("losetup");
    String[] command = new String[options.length + 4];
    command[0] = "losetup";
    command[1] = "--find";
    command[2] = "--show";
    System.arraycopy(options, 0, command, 3, options.length);
    command[command.length - 1] = backing.toString();
    return new LoopDevice(Path.of(Root.run(command)), backing);
  }

  @Override
  public void close() throws IOException {
    Root.run("losetup", "--detach", path.toString());
  }
}
