package io.gantry.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Commands that need root and a real kernel; without them the test is skipped, with the reason. */
public final class Root {

  private Root() {}

  /** Skips the test unless it runs as root on Linux and all of {@code commands} are there. */
  public static void assume(String... commands) {
    assumeTrue(System.getProperty("os.name").equals("Linux"), "needs Linux");
    assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
    for (String command : commands) {
      assumeTrue(isInstalled(command), "needs the command " + command);
    }
  }

  public static boolean isInstalled(String command) {
    return Stream.of("/usr/sbin", "/sbin", "/usr/bin", "/bin")
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
  }

  /** Runs a command and returns what it printed, stripped. */
  public static String run(String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(List.of(command)).redirectErrorStream(true);
    builder.environment().put("PATH", "/usr/sbin:/sbin:/usr/bin:/bin");
    Process process = builder.start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + ": " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    return output;
  }
}
