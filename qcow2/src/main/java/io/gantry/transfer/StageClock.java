package io.gantry.transfer;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Wall time per stage of a transfer. */
final class StageClock {

  private static final double NANOS_PER_SECOND = 1e9;

  private final SequencedMap<String, Double> seconds = new LinkedHashMap<>();
  private @Nullable String stage;
  private long enteredNanos;

  /** Ends the stage before, and begins {@code stage}. */
  void enter(String stage) {
    stop();
    this.stage = stage;
    enteredNanos = System.nanoTime();
  }

  void stop() {
    if (stage != null) {
      seconds.merge(stage, (System.nanoTime() - enteredNanos) / NANOS_PER_SECOND, Double::sum);
    }
    stage = null;
  }

  SequencedMap<String, Double> seconds() {
    return new LinkedHashMap<>(seconds);
  }
}
