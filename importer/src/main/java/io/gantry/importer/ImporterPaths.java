package io.gantry.importer;

import io.gantry.runtime.Env;
import io.gantry.runtime.PodRoot;
import java.nio.file.Path;

/** Where things are mounted in the pod. */
record ImporterPaths(PodRoot root) {

  static ImporterPaths of(Env env) {
    return new ImporterPaths(PodRoot.of(env));
  }

  /** Returns where the path {@code inPod} lies. */
  Path at(String inPod) {
    return root.at(inPod);
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
    return root.proxyCertificates();
  }

  Path extraHeaders() {
    return at("/extraheaders");
  }

  Path terminationLog() {
    return at("/dev/termination-log");
  }
}
