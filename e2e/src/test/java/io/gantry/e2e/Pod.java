package io.gantry.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An importer pod without a cluster: the mounts lie below a directory, the environment is what the
 * controller sets, and the process is {@code gantry import}.
 */
final class Pod {

  static final String OWNER = "2f8f1c4e-6a54-4b0e-9d0b-7d1f0f8f8a11";

  /** What the controller sets for every import, often to nothing; as recorded from a cluster. */
  private static final List<String> ALWAYS_THERE =
      List.of(
          "IMPORTER_SOURCE",
          "IMPORTER_ENDPOINT",
          "IMPORTER_CONTENTTYPE",
          "IMPORTER_IMAGE_SIZE",
          "OWNER_UID",
          "FILESYSTEM_OVERHEAD",
          "INSECURE_TLS",
          "IMPORTER_DISK_ID",
          "IMPORTER_UUID",
          "IMPORTER_PULL_METHOD",
          "IMPORTER_READY_FILE",
          "IMPORTER_DONE_FILE",
          "IMPORTER_BACKING_FILE",
          "IMPORTER_THUMBPRINT",
          "http_proxy",
          "https_proxy",
          "no_proxy",
          "IMPORTER_CURRENT_CHECKPOINT",
          "IMPORTER_PREVIOUS_CHECKPOINT",
          "IMPORTER_FINAL_CHECKPOINT",
          "PREALLOCATION",
          "CACHE_MODE",
          "IMPORTER_REGISTRY_IMAGE_ARCHITECTURE",
          "IMPORTER_CHECKSUM");

  private final Path root;
  private final Map<String, String> environment = new HashMap<>();
  private String verbosity = "-v=1";
  private List<String> wrapper = List.of();

  /** How the container ended, and what it left in its termination log. */
  record Ended(Outcome outcome, String message) {

    int status() {
      return outcome.status();
    }
  }

  private Pod(Path root) throws IOException {
    this.root = Files.createDirectories(root);
    Files.createDirectories(root.resolve("dev"));
    Files.writeString(terminationLog(), "");
    ALWAYS_THERE.forEach(name -> environment.put(name, ""));
    environment.putAll(
        Map.of(
            "GANTRY_ROOT", root.toString(),
            "GANTRY_METRICS_PORT", "0",
            "IMPORTER_SOURCE", "http",
            "IMPORTER_CONTENTTYPE", "kubevirt",
            "OWNER_UID", OWNER,
            "FILESYSTEM_OVERHEAD", "0.06",
            "PREALLOCATION", "false",
            "INSECURE_TLS", "false"));
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

  /** Logs as much as the pods of CDI's functional tests do. */
  Pod verbose() {
    verbosity = "-v=3";
    return this;
  }

  /** Puts these words before the command, as of a shell. */
  Pod under(String... words) {
    wrapper = List.of(words);
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

  /** What the disk is called until it is complete. */
  Path unfinishedDisk() {
    return root.resolve("data/.gantry-unfinished");
  }

  Path terminationLog() {
    return root.resolve("dev/termination-log");
  }

  String diskMode() throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(disk()));
  }

  /** Returns how much of the disk has blocks. */
  long allocatedBytes() throws IOException, InterruptedException {
    return Long.parseLong(Tool.run("stat", "-c", "%b", disk()).strip()) * 512;
  }

  Ended run() throws IOException, InterruptedException {
    return new Ended(outcome(), message());
  }

  /** Runs it without a look at the termination log. */
  Outcome outcome() throws IOException, InterruptedException {
    return program().run();
  }

  Process start() throws IOException {
    return program().start();
  }

  String message() throws IOException {
    return Files.readString(terminationLog());
  }

  /** The image's entry point, and the args of the pod. */
  private Program program() {
    return Program.gantry("import", "-alsologtostderr", verbosity)
        .under(wrapper.toArray(String[]::new))
        .env(environment);
  }
}
