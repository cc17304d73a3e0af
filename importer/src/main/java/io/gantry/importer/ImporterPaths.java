package io.gantry.importer;

import io.gantry.runtime.Env;
import java.nio.file.Path;

/**
 * Where things are mounted in the pod. All of it can be moved below another directory with {@code
 * GANTRY_ROOT}, which is how tests, and people without a cluster, run the worker.
 */
record ImporterPaths(Path root) {

  static final String ROOT_VARIABLE = "GANTRY_ROOT";

  static ImporterPaths of(Env env) {
    return new ImporterPaths(Path.of(env.get(ROOT_VARIABLE).orElse("/")));
  }

  /** Returns where the absolute path {@code inPod} lies. */
  Path at(String inPod) {
    Path path = Path.of(inPod);
    return path.isAbsolute() ? root.resolve(Path.of("/").relativize(path)) : root.resolve(path);
  }

  /** Its existence is how the controller asks for block mode. */
  Path blockDevice() {
    return at("/dev/cdi-block-volume");
  }

  Path volume() {
    return at("/data");
  }

  Path diskImage() {
    return at("/data/disk.img");
  }

  /** What becomes the disk when it is complete. */
  Path unfinishedDisk() {
    return at("/data/.gantry-unfinished");
  }

  /** Beside the disk, so that it lives as long as the disk does. */
  Path journal() {
    return at("/data/.gantry-resume");
  }

  Path scratch() {
    return at("/scratch");
  }

  Path proxyCertificates() {
    return at("/proxycerts");
  }

  Path extraHeaders() {
    return at("/extraheaders");
  }

  Path terminationLog() {
    return at("/dev/termination-log");
  }
}
