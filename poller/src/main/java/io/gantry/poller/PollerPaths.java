package io.gantry.poller;

import io.gantry.runtime.Env;
import java.nio.file.Path;

/**
 * Where things are mounted in the pod; with {@code GANTRY_ROOT} all of it lies below another
 * directory, as for the importer.
 */
record PollerPaths(Path root) {

  static PollerPaths of(Env env) {
    return new PollerPaths(Path.of(env.get("GANTRY_ROOT").orElse("/")));
  }

  /** Returns where the absolute path {@code inPod} lies. */
  Path at(String inPod) {
    Path path = Path.of(inPod);
    return path.isAbsolute() ? root.resolve(Path.of("/").relativize(path)) : root.resolve(path);
  }

  Path proxyCertificates() {
    return at("/proxycerts");
  }

  /** One file of the pod's service account, where the kubelet puts it. */
  Path serviceAccount(String file) {
    return at("/var/run/secrets/kubernetes.io/serviceaccount").resolve(file);
  }
}
