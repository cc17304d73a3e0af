package io.gantry.cli;

import io.gantry.transfer.Progress;
import java.io.PrintStream;
import java.time.Duration;

/**
 * Shows how a transfer is going, from a thread of its own that never holds up the end: it is a
 * daemon, and closing wakes it.
 */
final class ProgressDisplay implements AutoCloseable {

  private final Progress progress;
  private final ProgressView view;
  private final PrintStream err;
  private final ProgressMeter meter = new ProgressMeter(System.nanoTime());
  private boolean closed;

  private ProgressDisplay(Progress progress, ProgressView view, PrintStream err) {
    this.progress = progress;
    this.view = view;
    this.err = err;
  }

  /** Starts showing {@code progress}; nothing at all for {@link ProgressMode#NONE}. */
  static ProgressDisplay start(ProgressMode mode, Progress progress, Shell shell) {
    ProgressView view =
        switch (mode) {
          case BAR -> BarView.forTerminal(shell.env());
          case PLAIN -> new PlainView();
          case JSON -> new JsonView();
          case NONE -> ProgressView.NONE;
        };
    ProgressDisplay display = new ProgressDisplay(progress, view, shell.err());
    if (mode != ProgressMode.NONE) {
      Thread.ofPlatform().name("progress").daemon().start(display::showUntilClosed);
    }
    return display;
  }

  /** Takes the last word; nothing is shown after this returns. Calling twice is allowed. */
  synchronized void end() {
    if (closed) {
      return;
    }
    closed = true;
    notifyAll();
    print(view.last(meter.observe(progress.counts(), System.nanoTime())));
  }

  @Override
  public void close() {
    end();
  }

  private synchronized void showUntilClosed() {
    Duration interval = view.interval();
    long next = System.nanoTime() + interval.toNanos();
    try {
      while (!closed) {
        long nanosLeft = next - System.nanoTime();
        if (nanosLeft > 0) {
          // At least a millisecond: zero would mean for ever.
          wait(Math.max(1, nanosLeft / 1_000_000));
        } else {
          print(view.show(meter.observe(progress.counts(), System.nanoTime())));
          next += interval.toNanos();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void print(String text) {
    if (!text.isEmpty()) {
      err.print(text);
      err.flush();
    }
  }
}
