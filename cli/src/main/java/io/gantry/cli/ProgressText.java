package io.gantry.cli;

import io.gantry.cli.ProgressMeter.Moment;
import io.gantry.transfer.Progress.Counts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The words in which progress is told. */
final class ProgressText {

  private ProgressText() {}

  /** Returns phase and percent: {@code copy 45%}; bytes instead when the total is not known. */
  static String head(Moment moment) {
    Counts counts = moment.counts();
    String phase = counts.phase().name().toLowerCase(Locale.ROOT);
    if (!Double.isNaN(moment.fraction())) {
      return "%s %3d%%".formatted(phase, (int) (100 * moment.fraction()));
    }
    return counts.workDone() == 0 ? phase : phase + " " + ByteSize.human(counts.workDone());
  }

  /**
   * Returns rate, time left, data and zero bytes, the most telling first; padded, so that a bar
   * beside them keeps its width.
   */
  static List<String> facts(Moment moment) {
    List<String> facts = new ArrayList<>();
    if (moment.bytesPerSecond() > 0) {
      facts.add("%10s".formatted(ByteSize.human((long) moment.bytesPerSecond()) + "/s"));
    }
    if (!Double.isNaN(moment.secondsLeft())) {
      facts.add("%5s left".formatted(clock(moment.secondsLeft())));
    }
    Counts counts = moment.counts();
    facts.add("data %8s".formatted(ByteSize.human(counts.dataBytes())));
    facts.add("zero %8s".formatted(ByteSize.human(counts.zeroBytes() + counts.skippedBytes())));
    return facts;
  }

  /** Returns {@code 0:05}, {@code 12:34} or {@code 1:02:03}, rounded up. */
  static String clock(double seconds) {
    long whole = (long) Math.ceil(Math.min(seconds, 359_999));
    return whole < 3600
        ? "%d:%02d".formatted(whole / 60, whole % 60)
        : "%d:%02d:%02d".formatted(whole / 3600, whole / 60 % 60, whole % 60);
  }
}
