package io.gantry.cli;

import io.gantry.cli.ProgressMeter.Moment;
import io.gantry.runtime.Env;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * A line of a terminal that is written over again and again.
 *
 * <pre>
 * copy  45% [=========&gt;          ]  412 MiB/s  0:12 left  data 1.2 GiB  zero 3.4 GiB
 * </pre>
 */
final class BarView implements ProgressView {

  /** To the first column; then erase what the previous line left (ECMA-48, EL). */
  private static final String LINE_START = "\r";

  private static final String ERASE_REST = "\u001b[K";

  private static final int WIDTH_DEFAULT = 80;
  private static final int BAR_MIN = 10;
  private static final int BAR_MAX = 40;

  private final int width;
  private boolean shown;

  BarView(int width) {
    this.width = width;
  }

  /** Returns a bar as wide as {@code COLUMNS} says, or 80. */
  static BarView forTerminal(Env env) {
    int columns = WIDTH_DEFAULT;
    try {
      columns = env.get("COLUMNS").map(Integer::parseInt).orElse(WIDTH_DEFAULT);
    } catch (NumberFormatException e) {
      columns = WIDTH_DEFAULT;
    }
    return new BarView(Math.clamp(columns, 20, 500));
  }

  @Override
  public Duration interval() {
    return Duration.ofMillis(200);
  }

  @Override
  public String show(Moment moment) {
    shown = true;
    return LINE_START + line(moment) + ERASE_REST;
  }

  @Override
  public String last(Moment moment) {
    return shown ? LINE_START + ERASE_REST : "";
  }

  /** Returns the line: what does not fit goes, the least telling first. */
  String line(Moment moment) {
    String head = ProgressText.head(moment);
    List<String> facts = ProgressText.facts(moment);
    // One column stays free: terminals wrap when the last one is written.
    int room = width - 1 - head.length();
    int bar = Double.isNaN(moment.fraction()) ? 0 : BAR_MIN + 3;
    int factsShown = facts.size();
    while (factsShown > 0 && length(facts, factsShown) + bar > room) {
      factsShown--;
    }
    StringBuilder line = new StringBuilder(head);
    if (bar > 0 && room >= bar) {
      int cells = Math.min(BAR_MAX, room - length(facts, factsShown) - 3);
      line.append(' ').append(bar(moment.fraction(), cells));
    }
    facts.subList(0, factsShown).forEach(fact -> line.append("  ").append(fact));
    return line.length() < width ? line.toString() : line.substring(0, width - 1);
  }

  private static int length(List<String> facts, int count) {
    return facts.subList(0, count).stream().mapToInt(fact -> fact.length() + 2).sum();
  }

  private static String bar(double fraction, int cells) {
    int filled = (int) (fraction * cells);
    String tip = filled < cells ? ">" : "";
    return String.format(
        Locale.ROOT,
        "[%s%s%s]",
        "=".repeat(filled),
        tip,
        " ".repeat(cells - filled - tip.length()));
  }
}
