package io.gantry.cli;

import io.gantry.runtime.Env;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs many commands in one process, so that the JVM's AOT cache knows the classes they load and
 * the paths they take. Started by the launcher's build alone: {@code Rehearsal IMAGES WORK URL},
 * where {@code URL} serves the same images.
 *
 * <p>It repeats itself for a while: a method is compiled early on later runs only when its profile
 * here was worth keeping. A command that fails is told of, no more: a cache made without it is
 * still a good one.
 */
final class Rehearsal {

  private static final Duration TIME = Duration.ofSeconds(6);

  private final Path images;
  private final Path disk;
  private final Path otherDisk;
  private final Path pod;

  private final String url;

  private Rehearsal(Path images, Path work, String url) {
    this.images = images;
    this.url = url;
    this.disk = work.resolve("disk.img");
    this.otherDisk = work.resolve("other.img");
    this.pod = work.resolve("pod");
  }

  public static void main(String[] args) throws IOException {
    loadEntryPoint();
    Rehearsal rehearsal = new Rehearsal(Path.of(args[0]), Path.of(args[1]), args[2]);
    Files.createDirectories(rehearsal.pod.resolve("data"));
    Files.createDirectories(rehearsal.pod.resolve("dev"));
    long end = System.nanoTime() + TIME.toNanos();
    do {
      rehearsal.runAll();
    } while (System.nanoTime() < end);
  }

  /** The cache is to know the class that later runs begin with, too. */
  private static void loadEntryPoint() {
    try {
      MethodHandles.lookup().ensureInitialized(GantryMain.class);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  private void runAll() throws IOException {
    for (Path image : imageFiles()) {
      String name = image.toString();
      run("convert", "--force", "--progress", "plain", name, disk.toString());
      try (FileChannel pipe = FileChannel.open(image, StandardOpenOption.READ)) {
        run(
            pipe,
            Env.of(Map.of()),
            "convert",
            "--force",
            "--output",
            "json",
            "-",
            otherDisk.toString());
      }
      run("compare", disk.toString(), otherDisk.toString());
      run("convert", "--force", url + image.getFileName(), otherDisk.toString());
      runImport(url + image.getFileName());
      if (name.endsWith(".qcow2")) {
        run("info", name);
        run("info", "--output", "json", name);
        run("map", name);
        run("map", "--output", "json", name);
      }
    }
    run("--version");
    run("help");
  }

  /** Nobody asks for the metrics: the classes of TLS would be linked at every start of anything. */
  private void runImport(String endpoint) throws IOException {
    Map<String, String> environment =
        Map.of(
            "GANTRY_ROOT", pod.toString(),
            "GANTRY_METRICS_PORT", "0",
            "IMPORTER_SOURCE", "http",
            "IMPORTER_ENDPOINT", endpoint,
            "IMPORTER_IMAGE_SIZE", "1Gi",
            "FILESYSTEM_OVERHEAD", "0.06",
            "PREALLOCATION", "false");
    run(Env.of(environment), "import");
  }

  private List<Path> imageFiles() throws IOException {
    try (Stream<Path> files = Files.list(images)) {
      return files.sorted().toList();
    }
  }

  /** The real environment may name proxies. */
  private static void run(String... words) throws IOException {
    run(Env.of(Map.of()), words);
  }

  private static void run(Env env, String... words) throws IOException {
    try (FileChannel nothing = FileChannel.open(Path.of("/dev/null"), StandardOpenOption.READ)) {
      run(nothing, env, words);
    }
  }

  private static void run(ReadableByteChannel stdin, Env env, String... words) {
    // Reading the real environment is a part of every run.
    Shell process = Shell.ofProcess();
    Shell shell = new Shell(stdin, process.out(), process.err(), env, false);
    int status = Gantry.run(List.of(words), shell);
    if (status != 0) {
      System.err.printf("rehearsal: gantry %s: status %d%n", String.join(" ", words), status);
    }
  }
}
