package io.gantry.cli;

import io.gantry.cli.ProgressMeter.Moment;
import java.time.Duration;

/** A line every few seconds, for logs. */
final class PlainView implements ProgressView {

  @Override
  public Duration interval() {
    return Duration.ofSeconds(3);
  }

  @Override
  public String show(Moment moment) {
    return ProgressText.head(moment)
        + "  "
        + String.join("  ", ProgressText.facts(moment))
        + System.lineSeparator();
  }

  @Override
  public String last(Moment moment) {
    return "";
  }
}
