package io.gantry.importer;

import io.gantry.runtime.TerminationMessage;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How an import ended.
 *
 * @param status exit status of the process
 * @param message what is left in the termination log, if anything
 * @param complete whether the volume holds what it should; scratch space may be needed, or the
 *     checksum wrong, and the status 0 all the same
 */
public record ImportResult(int status, Optional<String> message, boolean complete) {

  static final String COMPLETE = "Import Complete";

  private static ImportResult done(TerminationMessage message, boolean complete) {
    return new ImportResult(0, Optional.of(message.toJson()), complete);
  }

  static ImportResult complete(boolean preallocated, Map<String, String> labels) {
    return done(report(false, preallocated).withLabels(labels), true);
  }

  static ImportResult scratchRequired() {
    return done(report(true, false), false);
  }

  private static TerminationMessage report(boolean scratchRequired, boolean preallocated) {
    return new TerminationMessage(
        Optional.of(scratchRequired), Optional.of(preallocated), new TreeMap<>(), COMPLETE);
  }

  /** The controller takes this one for final: the pod is not tried again. */
  static ImportResult checksumMismatch(String text) {
    return done(TerminationMessage.of(text), false);
  }

  /** The container is restarted. */
  static ImportResult failed(String text) {
    return new ImportResult(1, Optional.of(text), false);
  }

  /** Without a message the kubelet takes the last line of the log. */
  static ImportResult silent(int status) {
    return new ImportResult(status, Optional.empty(), false);
  }

  /** There was nothing to do, and nothing to tell. */
  static ImportResult untouched() {
    return silent(0);
  }
}
