package io.gantry.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;

/**
 * An importer pod without a cluster: the mounts lie below a directory, the environment is what the
 * controller sets, and the process is {@code gantry import}.
 */
final class Pod {

  private final Path root;
  private final Map<String, String> environment = new HashMap<>();

  /** How the container ended, and what it left in its termination log. */
  record Ended(Outcome outcome, String message) {

    int status() {
      return outcome.status();
    }
  }

  private Pod(Path root) throws IOException {
    this.root = Files.createDirectories(root);
    Files.createDirectories(root.resolve("dev"));
    Files.writeString(root.resolve("dev/termination-log"), "");
    environment.putAll(
        Map.of(
            "GANTRY_ROOT", root.toString(),
            "GANTRY_METRICS_PORT", "0",
            "IMPORTER_SOURCE", "http",
            "IMPORTER_CONTENTTYPE", "kubevirt",
            "OWNER_UID", "2f8f1c4e-6a54-4b0e-9d0b-7d1f0f8f8a11",
            "FILESYSTEM_OVERHEAD", "0.06",
            "PREALLOCATION", "false",
            "INSECURE_TLS", "false",
            "http_proxy", "",
            "https_proxy", ""));
    environment.put("no_proxy", "");
  }

  /** With a filesystem volume at {@code /data}. */
  static Pod withFilesystem(Path root) throws IOException {
    Pod pod = new Pod(root);
    Files.createDirectories(root.resolve("data"));
    return pod;
  }

  /** With a block volume: {@code /dev/cdi-block-volume} is {@code device}. */
  static Pod withDevice(Path root, Path device) throws IOException {
    Pod pod = new Pod(root);
    Files.createSymbolicLink(root.resolve("dev/cdi-block-volume"), device);
    return pod.env("FILESYSTEM_OVERHEAD", "0");
  }

  Pod env(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Imports from this URL. */
  Pod endpoint(String url) {
    return env("IMPORTER_ENDPOINT", url);
  }

  /** Mounts a scratch volume. */
  Pod withScratch() throws IOException {
    Files.createDirectories(root.resolve("scratch"));
    return this;
  }

  Path root() {
    return root;
  }

  Path data() {
    return root.resolve("data");
  }

  Path disk() {
    return root.resolve("data/disk.img");
  }

  String diskMode() throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(disk()));
  }

  Ended run() throws IOException, InterruptedException {
    Outcome outcome = program().run();
    return new Ended(outcome, message());
  }

  Process start() throws IOException {
    return program().start();
  }

  String message() throws IOException {
    return Files.readString(root.resolve("dev/termination-log"));
  }

  private Program program() {
    return Program.gantry("import").env(environment);
  }
}
