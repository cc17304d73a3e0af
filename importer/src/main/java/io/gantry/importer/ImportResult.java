package io.gantry.importer;

import io.gantry.runtime.TerminationMessage;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How an import ended.
 *
 * @param status exit status of the process
 * @param message what is left in the termination log, if anything
 */
public record ImportResult(int status, Optional<String> message) {

  static final String COMPLETE = "Import Complete";

  /** The volume is filled, or it turned out that scratch space is needed. */
  static ImportResult done(TerminationMessage message) {
    return new ImportResult(0, Optional.of(message.toJson()));
  }

  static ImportResult complete(boolean preallocated, java.util.Map<String, String> labels) {
    return done(report(false, preallocated).withLabels(labels));
  }

  static ImportResult scratchRequired() {
    return done(report(true, false));
  }

  private static TerminationMessage report(boolean scratchRequired, boolean preallocated) {
    return new TerminationMessage(
        Optional.of(scratchRequired), Optional.of(preallocated), new TreeMap<>(), COMPLETE);
  }

  /** The controller takes this one for final: the pod is not tried again. */
  static ImportResult checksumMismatch(String text) {
    return done(TerminationMessage.of(text));
  }

  /** The container is restarted. */
  static ImportResult failed(String text) {
    return new ImportResult(1, Optional.of(text));
  }

  /** Without a message the kubelet takes the last line of the log. */
  static ImportResult silent(int status) {
    return new ImportResult(status, Optional.empty());
  }
}
