package io.gantry.cli;

import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Where the messages of the HTTP client go: nowhere, unless somebody wants to see everything. Local
 * runs never come here, java.util.logging reads its configuration first thing.
 */
final class Logging {

  /** Held for good: a logger that nobody holds may be collected, and its level with it. */
  private static final Logger ROOT = Logger.getLogger("");

  private Logging() {}

  static void configure(boolean verbose) {
    ROOT.setLevel(verbose ? Level.INFO : Level.OFF);
  }
}
