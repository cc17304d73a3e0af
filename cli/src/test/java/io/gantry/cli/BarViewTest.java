package io.gantry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.cli.ProgressMeter.Moment;
import io.gantry.runtime.Env;
import io.gantry.transfer.Progress;
import io.gantry.transfer.Progress.Counts;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BarViewTest {

  private static final long MIB = 1 << 20;

  private static final Moment HALF_WAY =
      new Moment(
          new Counts(
              Progress.Phase.COPY,
              512 * MIB,
              1024 * MIB,
              600 * MIB,
              400 * MIB,
              100 * MIB,
              12 * MIB,
              0),
          256.0 * MIB,
          0.5,
          2);

  private static final Moment TOTAL_UNKNOWN =
      new Moment(
          new Counts(Progress.Phase.COPY, 512 * MIB, -1, 600 * MIB, 512 * MIB, 0, 0, 0),
          256.0 * MIB,
          Double.NaN,
          Double.NaN);

  @Test
  void showsPhasePercentBarRateTimeLeftDataAndZero() {
    assertThat(new BarView(100).line(HALF_WAY))
        .matches("copy  50% \\[=+> +\\]   256 MiB/s   0:02 left  data  400 MiB  zero  112 MiB");
  }

  @Test
  void showsBytesWhenTheTotalIsNotKnown() {
    assertThat(new BarView(100).line(TOTAL_UNKNOWN))
        .isEqualTo("copy 512 MiB   256 MiB/s  data  512 MiB  zero      0 B");
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 30, 40, 50, 60, 70, 80, 120, 300})
  void neverReachesTheLastColumn(int width) {
    assertThat(new BarView(width).line(HALF_WAY).length()).isLessThan(width);
    assertThat(new BarView(width).line(TOTAL_UNKNOWN).length()).isLessThan(width);
  }

  @Test
  void leavesOutWhatDoesNotFitTheLeastTellingFirst() {
    assertThat(new BarView(50).line(HALF_WAY)).contains("50%", "256 MiB/s").doesNotContain("zero");
    assertThat(new BarView(20).line(HALF_WAY)).startsWith("copy  50%");
  }

  @Test
  void fillsTheBarAtTheEnd() {
    Moment end = new Moment(HALF_WAY.counts(), 1, 1, 0);
    assertThat(new BarView(80).line(end)).contains("100%", "==]").doesNotContain(">");
  }

  @Test
  void leavesAnEmptyLineBehind() {
    BarView view = new BarView(80);
    assertThat(view.last(HALF_WAY)).isEmpty();
    assertThat(view.show(HALF_WAY)).startsWith("\r").endsWith("\u001b[K");
    assertThat(view.last(HALF_WAY)).isEqualTo("\r\u001b[K");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "-5", "99999999999"})
  void survivesANonsensicalWidth(String columns) {
    BarView view = BarView.forTerminal(Env.of(Map.of("COLUMNS", columns)));
    assertThat(view.line(HALF_WAY)).startsWith("copy  50%");
  }

  @Test
  void writesTimesAsAClock() {
    assertThat(ProgressText.clock(0)).isEqualTo("0:00");
    assertThat(ProgressText.clock(4.2)).isEqualTo("0:05");
    assertThat(ProgressText.clock(754)).isEqualTo("12:34");
    assertThat(ProgressText.clock(3723)).isEqualTo("1:02:03");
    assertThat(ProgressText.clock(1e12)).isEqualTo("99:59:59");
  }
}
