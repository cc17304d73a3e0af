package io.gantry.importer;

import io.gantry.target.Diagnosis;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Node pull: a container beside this one serves the image from its own file system. It says with a
 * file that it is ready, and we say with another that it may go.
 */
final class Handshake {

  private static final int POLLS_MAX = 60;
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

  private final Optional<String> readyFile;
  private final Optional<String> doneFile;
  private final ImporterPaths paths;
  private final Duration interval;

  Handshake(ImporterConfig config, ImporterPaths paths) {
    this(config, paths, POLL_INTERVAL);
  }

  Handshake(ImporterConfig config, ImporterPaths paths, Duration interval) {
    this.readyFile = config.readyFile();
    this.doneFile = config.doneFile();
    this.paths = paths;
    this.interval = interval;
  }

  /** Waits for the ready file, if there is to be one. */
  void awaitReady() throws ImportException {
    if (readyFile.isEmpty()) {
      return;
    }
    Path file = paths.at(readyFile.get());
    try {
      for (int poll = 0; poll < POLLS_MAX; poll++) {
        if (Files.exists(file)) {
          return;
        }
        Thread.sleep(interval);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw ImportException.of(
        ErrorCode.SOURCE_NOT_READY, "Timeout waiting for file " + readyFile.get(), null);
  }

  /**
   * Returns where the image is: the ready file names it, and the endpoint ends in {@code disk.img},
   * which stands for that name.
   */
  String endpoint(String endpoint) throws ImportException {
    if (readyFile.isEmpty()) {
      return endpoint;
    }
    try {
      String name = Files.readString(paths.at(readyFile.get())).strip();
      return name.isEmpty() || !endpoint.endsWith("disk.img")
          ? endpoint
          : endpoint.substring(0, endpoint.length() - "disk.img".length()) + name;
    } catch (IOException e) {
      throw ImportException.silent(
          ErrorCode.SOURCE_NOT_READY, failed("ready file " + readyFile.get(), "read it", e));
    }
  }

  /** Tells the other container to end: after success, and when the pod is to be built again. */
  void done() throws ImportException {
    if (doneFile.isEmpty()) {
      return;
    }
    try {
      Files.createFile(paths.at(doneFile.get()));
    } catch (FileAlreadyExistsException e) {
      // A run before this one told it already.
    } catch (IOException e) {
      throw ImportException.silent(
          ErrorCode.VOLUME_NOT_WRITABLE, failed("done file " + doneFile.get(), "create it", e));
    }
  }

  private static String failed(String name, String deed, IOException cause) {
    return String.valueOf(Diagnosis.of(name, deed, false, cause).getMessage());
  }
}
