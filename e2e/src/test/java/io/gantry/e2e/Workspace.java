package io.gantry.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where things are. */
final class Workspace {

  /** The checkout, seen from this module, whose directory surefire makes the working directory. */
  static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  private Workspace() {}

  /** Returns a directory for what is kept from run to run, such as the corpus. */
  static Path kept(String name) {
    return Path.of(System.getProperty("gantry.work", "target/work")).toAbsolutePath().resolve(name);
  }

  /** Returns what lies beside the checkout for all who work on it, if it is there. */
  static Optional<Path> shared() {
    String named = System.getenv("GANTRY_SHARED");
    Path shared = named == null ? ROOT.resolveSibling("shared") : Path.of(named);
    return Optional.of(shared).filter(Files::isDirectory);
  }
}
