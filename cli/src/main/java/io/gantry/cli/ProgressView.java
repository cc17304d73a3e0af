package io.gantry.cli;

import io.gantry.cli.ProgressMeter.Moment;
import java.time.Duration;

/** One way of showing progress, as text to print. */
interface ProgressView {

  /** Shows nothing. */
  ProgressView NONE =
      new ProgressView() {
        @Override
        public Duration interval() {
          return Duration.ofDays(1);
        }

        @Override
        public String show(Moment moment) {
          return "";
        }

        @Override
        public String last(Moment moment) {
          return "";
        }
      };

  Duration interval();

  String show(Moment moment);

  /** Returns what ends the display, whatever became of the transfer. */
  String last(Moment moment);
}
