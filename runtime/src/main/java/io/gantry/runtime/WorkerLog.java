package io.gantry.runtime;

import java.io.PrintStream;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Log lines on standard error, in the form of the control plane's own (klog): severity, date, time,
 * process. The last line before a failing exit is its cause, because that is what the kubelet shows
 * when there is no termination message.
 */
public final class WorkerLog {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("MMdd HH:mm:ss.SSSSSS", Locale.ROOT);

  private final PrintStream out;
  private final int verbosity;

  public WorkerLog(PrintStream out, int verbosity) {
    this.out = out;
    this.verbosity = verbosity;
  }

  public void info(String text) {
    print('I', text);
  }

  public void warning(String text) {
    print('W', text);
  }

  public void error(String text) {
    print('E', text);
  }

  /** Logs what only counts when the controller's own log level is at least {@code level}. */
  public void verbose(int level, String text) {
    if (verbosity >= level) {
      print('I', text);
    }
  }

  private void print(char severity, String text) {
    String line = text.replaceAll("\\R", " ");
    out.println(
        "%c%s %7d gantry] %s"
            .formatted(
                severity,
                LocalDateTime.now(ZoneId.systemDefault()).format(TIME),
                ProcessHandle.current().pid(),
                line));
    out.flush();
  }
}
