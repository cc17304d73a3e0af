package io.gantry.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Programs of others: qemu-img, xz, losetup. */
final class Tool {

  private static final List<String> BESIDES_PATH = List.of("/usr/sbin", "/sbin");

  private Tool() {}

  /** Says whether there is such a program. */
  static boolean exists(String name) {
    return Stream.concat(Arrays.stream(System.getenv("PATH").split(":", -1)), BESIDES_PATH.stream())
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
  }

  /** Runs a program that must succeed and returns what it printed. */
  static String run(Object... words) throws IOException, InterruptedException {
    return runIn(Path.of("").toAbsolutePath(), words);
  }

  /** Runs a program in a directory; it must succeed. */
  static String runIn(Path directory, Object... words) throws IOException, InterruptedException {
    Process process =
        builder(words).directory(directory.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    if (status != 0) {
      throw new AssertionError("%s ended with %d: %s".formatted(List.of(words), status, printed));
    }
    return printed;
  }

  /** Runs a program whose exit status is its answer. */
  static int status(Object... words) throws IOException, InterruptedException {
    return builder(words)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  /** Runs a filter that must succeed: its input and output are files. */
  static void filter(Path in, Path out, Object... words) throws IOException, InterruptedException {
    Process process =
        builder(words)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    int status = process.waitFor();
    if (status != 0) {
      throw new AssertionError("%s ended with %d".formatted(List.of(words), status));
    }
  }

  private static ProcessBuilder builder(Object... words) {
    ProcessBuilder builder =
        new ProcessBuilder(Arrays.stream(words).map(Object::toString).toList());
    builder.environment().put("LC_ALL", "C");
    builder
        .environment()
        .merge("PATH", ":" + String.join(":", BESIDES_PATH), (path, more) -> path + more);
    return builder;
  }
}
