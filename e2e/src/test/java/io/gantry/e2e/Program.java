package io.gantry.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program as users and pods start it, {@code ./gantry} mostly: a process of its own. */
final class Program {

  private static final Path GANTRY = Workspace.ROOT.resolve("gantry");
  private static final Path POLLER = Workspace.ROOT.resolve("dist/bin/cdi-source-update-poller");
  private static final Path SIZE_DETECTION =
      Workspace.ROOT.resolve("dist/bin/cdi-image-size-detection");

  private static final Path TIME = Path.of("/usr/bin/time");

  /** Far beyond what any test allows; a program that hangs is to fail its test, not the build. */
  private static final long HANGS_AFTER_SECONDS = 240;

  private final Path launcher;
  private final List<String> words;
  private List<String> wrapper = List.of();
  private Path directory = Path.of("").toAbsolutePath();
  private Path stdin;
  private final Map<String, String> environment = new HashMap<>();

  private Program(Path launcher, Object... words) {
    this.launcher = launcher;
    this.words = Stream.of(words).map(Object::toString).toList();
  }

  /** Returns {@code ./gantry} with these words after it. */
  static Program gantry(Object... words) {
    return new Program(GANTRY, words);
  }

  /** Returns {@code cdi-source-update-poller} with these words after it. */
  static Program poller(Object... words) {
    return new Program(POLLER, words);
  }

  /** Returns {@code cdi-image-size-detection} with these words after it. */
  static Program sizeDetection(Object... words) {
    return new Program(SIZE_DETECTION, words);
  }

  /** Starts it in this directory. */
  Program in(Path directory) {
    this.directory = directory;
    return this;
  }

  /** Pours this file into its standard input, through a pipe. */
  Program stdin(Path file) {
    this.stdin = file;
    return this;
  }

  /** Sets environment variables. */
  Program env(Map<String, String> variables) {
    environment.putAll(variables);
    return this;
  }

  /** Puts these words before it, as of strace or a shell. */
  Program under(String... wrapper) {
    this.wrapper = List.of(wrapper);
    return this;
  }

  /** Runs it to its end. */
  Outcome run() throws IOException, InterruptedException {
    Path measured = Files.createTempFile("gantry-e2e", ".time");
    try {
      long startNanos = System.nanoTime();
      Process process = start(measured);
      CompletableFuture<String> out = text(process.getInputStream());
      CompletableFuture<String> err = text(process.getErrorStream());
      pour(process.getOutputStream());
      if (!process.waitFor(HANGS_AFTER_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("hangs: %s %s".formatted(launcher.getFileName(), words));
      }
      Duration elapsed = Duration.ofNanos(System.nanoTime() - startNanos);
      return new Outcome(process.exitValue(), out.join(), err.join(), elapsed, usage(measured));
    } finally {
      Files.delete(measured);
    }
  }

  /** Starts it; the caller waits for it. */
  Process start() throws IOException {
    return builder(List.of()).start();
  }

  private Process start(Path measured) throws IOException {
    return Files.exists(TIME)
        ? builder(List.of(TIME.toString(), "-q", "-f", "%M %U %S", "-o", measured.toString()))
            .start()
        : builder(List.of()).start();
  }

  private ProcessBuilder builder(List<String> before) {
    List<String> command = new ArrayList<>(before);
    command.addAll(wrapper);
    command.add(launcher.toString());
    command.addAll(words);
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().putAll(environment);
    return builder;
  }

  private static Outcome.Usage usage(Path measured) throws IOException {
    String text = Files.readString(measured).strip();
    if (text.isEmpty()) {
      return Outcome.Usage.UNKNOWN;
    }
    String[] numbers = text.split(" ", -1);
    double seconds = Double.parseDouble(numbers[1]) + Double.parseDouble(numbers[2]);
    return new Outcome.Usage(
        Long.parseLong(numbers[0]), Duration.ofMillis(Math.round(seconds * 1000)));
  }

  /** A program that has seen enough closes its end; that is its right, and its status tells. */
  private void pour(OutputStream in) {
    try (in) {
      if (stdin != null) {
        Files.copy(stdin, in);
      }
    } catch (IOException brokenPipe) {
      return;
    }
  }

  private static CompletableFuture<String> text(InputStream stream) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        task -> Thread.ofVirtual().start(task));
  }
}
