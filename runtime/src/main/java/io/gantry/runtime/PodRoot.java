package io.gantry.runtime;

import java.nio.file.Path;

/**
 * Where the file system of the pod lies. All of it can be moved below another directory with {@code
 * GANTRY_ROOT}, which is how tests, and people without a cluster, run the workers.
 */
public record PodRoot(Path directory) {

  private static final String VARIABLE = "GANTRY_ROOT";

  public static PodRoot of(Env env) {
    return new PodRoot(Path.of(env.get(VARIABLE).orElse("/")));
  }

  /** Returns where the path {@code inPod} lies. */
  public Path at(String inPod) {
    Path path = Path.of(inPod);
    return directory.resolve(path.isAbsolute() ? Path.of("/").relativize(path) : path);
  }

  /** The authorities of the proxy, if there is one; the place is fixed. */
  public Path proxyCertificates() {
    return at("/proxycerts");
  }
}
