package io.gantry.cli;

import io.gantry.target.Target;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What happens when the process is told to end while a disk is being written.
 *
 * <p>SIGINT and SIGTERM make the virtual machine run its shutdown hooks, then exit with 130 or 143.
 * Ours takes the target away from the transfer, whose threads may go on until the process ends but
 * reach nothing any more, and says what is left. A disk that was finished first stays, and counts.
 */
final class Interruption implements AutoCloseable {

  private static final long REPORT_SECONDS_MAX = 5;

  private final Target target;
  private final Path path;
  private final ProgressDisplay display;
  private final PrintStream err;
  private final CountDownLatch reported = new CountDownLatch(1);
  private final Thread hook = new Thread(this::interrupted, "interruption");
  private volatile boolean happened;

  private Interruption(Target target, Path path, ProgressDisplay display, PrintStream err) {
    this.target = target;
    this.path = path;
    this.display = display;
    this.err = err;
  }

  /** Watches over {@code target} until closed. */
  static Interruption watch(Target target, Path path, ProgressDisplay display, PrintStream err) {
    Interruption interruption = new Interruption(target, path, display, err);
    try {
      Runtime.getRuntime().addShutdownHook(interruption.hook);
    } catch (IllegalStateException alreadyEnding) {
      interruption.interrupted();
    }
    return interruption;
  }

  /** Says whether the target was taken away; failures after that are only its echo. */
  boolean happened() {
    return happened;
  }

  /** Ends the watch, when all is printed. */
  @Override
  public void close() {
    reported.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException alreadyEnding) {
      // The hook is running, and has or will have the last word.
    }
  }

  private void interrupted() {
    happened = true;
    String failure = "";
    try {
      target.abandon();
    } catch (IOException e) {
      failure = ": " + e.getMessage();
    }
    if (target.isFinished()) {
      letFinish();
    } else {
      display.end();
      ErrorLine.print(err, "interrupted, " + rest() + failure);
    }
  }

  private String rest() {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        ? path + " is incomplete, do not use it"
        : path + " is removed";
  }

  /** Lets the result of a disk that was finished first be printed: that is a success. */
  private void letFinish() {
    try {
      if (reported.await(REPORT_SECONDS_MAX, TimeUnit.SECONDS)) {
        Runtime.getRuntime().halt(ExitStatus.DONE.code());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
