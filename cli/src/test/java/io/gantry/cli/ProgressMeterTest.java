package io.gantry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gantry.cli.ProgressMeter.Moment;
import io.gantry.transfer.Progress;
import org.junit.jupiter.api.Test;

final class ProgressMeterTest {

  private static final long SECOND = 1_000_000_000;

  private final Progress progress = new Progress();
  private final ProgressMeter meter = new ProgressMeter(0);

  @Test
  void knowsRateFractionAndTimeLeft() {
    progress.enter(Progress.Phase.COPY, 1000);
    meter.observe(progress.counts(), SECOND);
    progress.work(100);
    meter.observe(progress.counts(), 2 * SECOND);
    progress.work(100);
    Moment moment = meter.observe(progress.counts(), 3 * SECOND);
    assertThat(moment.fraction()).isEqualTo(0.2);
    assertThat(moment.bytesPerSecond()).isBetween(20.0, 100.0);
    assertThat(moment.secondsLeft()).isCloseTo(800 / moment.bytesPerSecond(), within(0.001));
  }

  @Test
  void saysNothingOfWhatItDoesNotKnow() {
    progress.enter(Progress.Phase.COPY, -1);
    progress.work(100);
    Moment moment = meter.observe(progress.counts(), SECOND);
    assertThat(moment.fraction()).isNaN();
    assertThat(moment.secondsLeft()).isNaN();
  }

  @Test
  void beginsAnewWithEveryPhase() {
    progress.enter(Progress.Phase.COPY, 1000);
    progress.work(1000);
    meter.observe(progress.counts(), SECOND);
    progress.enter(Progress.Phase.DIGEST, 1000);
    progress.work(10);
    Moment moment = meter.observe(progress.counts(), 2 * SECOND);
    assertThat(moment.bytesPerSecond()).isEqualTo(10);
    assertThat(moment.secondsLeft()).isEqualTo(99);
  }

  @Test
  void neverShowsMoreThanAll() {
    progress.enter(Progress.Phase.COPY, 100);
    progress.work(200);
    Moment moment = meter.observe(progress.counts(), SECOND);
    assertThat(moment.fraction()).isEqualTo(1);
    assertThat(moment.secondsLeft()).isZero();
  }
}
