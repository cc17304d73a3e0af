package io.gantry.cli;

import io.gantry.transfer.Progress;
import io.gantry.transfer.Progress.Counts;

/** Turns counters seen now and then into rate and time left. Used by one thread. */
final class ProgressMeter {

  /** Weight of the newest rate: half of what is shown is younger than about a second. */
  private static final double SMOOTHING = 0.15;

  private Progress.Phase phase = Progress.Phase.OPEN;
  private long lastNanos;
  private long lastDone;
  private double rate = Double.NaN;

  ProgressMeter(long nowNanos) {
    this.lastNanos = nowNanos;
  }

  /**
   * What there is to show at one moment.
   *
   * @param counts bytes
   * @param bytesPerSecond work done per second in this phase, NaN while not known
   * @param fraction part of this phase's work that is done, NaN when the total is not known
   * @param secondsLeft in this phase, NaN when not known
   */
  record Moment(Counts counts, double bytesPerSecond, double fraction, double secondsLeft) {}

  /** Takes in the counters as they are at {@code nowNanos}. */
  Moment observe(Counts counts, long nowNanos) {
    double seconds = (nowNanos - lastNanos) / 1e9;
    if (counts.phase() != phase) {
      phase = counts.phase();
      rate = Double.NaN;
      lastDone = 0;
    }
    if (seconds > 0) {
      double newest = Math.max(0, counts.workDone() - lastDone) / seconds;
      rate = Double.isNaN(rate) ? newest : rate + SMOOTHING * (newest - rate);
      lastDone = counts.workDone();
      lastNanos = nowNanos;
    }
    long total = counts.workTotal();
    double fraction = total > 0 ? Math.min(1, (double) counts.workDone() / total) : Double.NaN;
    double secondsLeft =
        total > 0 && rate > 0 ? Math.max(0, total - counts.workDone()) / rate : Double.NaN;
    return new Moment(counts, rate, fraction, secondsLeft);
  }
}
