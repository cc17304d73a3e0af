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
 * @param lastLine what the log ends with, if anything; without a message the kubelet takes this one
 * @param complete whether the volume holds what it should; scratch space may be needed, or the
 *     checksum wrong, and the status 0 all the same
 */
public record ImportResult(
    int status, Optional<String> message, Optional<String> lastLine, boolean complete) {

  static final String COMPLETE = "Import Complete";

  private static ImportResult done(TerminationMessage message, boolean complete) {
    return told(0, message.toJson(), complete);
  }

  private static ImportResult told(int status, String message, boolean complete) {
    return new ImportResult(status, Optional.of(message), Optional.of(message), complete);
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
    return told(1, text, false);
  }

  /** A failure that only the log tells of. */
  static ImportResult silent(int status, String text) {
    return new ImportResult(status, Optional.empty(), Optional.of(text), false);
  }

  /** There was nothing to do, and nothing to tell. */
  static ImportResult untouched() {
    return new ImportResult(0, Optional.empty(), Optional.empty(), false);
  }
}
