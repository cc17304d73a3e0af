package io.gantry.runtime;

import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.TimeZone;

/**
 * Log lines on standard error, in the form of the control plane's own (klog): severity, date, time,
 * process. The last line before a failing exit is its cause, because that is what the kubelet shows
 * when there is no termination message.
 */
public final class WorkerLog {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("MMdd HH:mm:ss.SSSSSS", Locale.ROOT);

  private static final int PROCESS_WIDTH = 7;

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
    String process = Long.toString(ProcessHandle.current().pid());
    String padding = " ".repeat(Math.max(0, PROCESS_WIDTH - process.length()));
    out.println(severity + now() + " " + padding + process + " gantry] " + line);
    out.flush();
  }

  /** The same through ZoneId takes a cold JVM 8 ms more, at the end of every import. */
  private static String now() {
    Instant now = Instant.now();
    int offset = TimeZone.getDefault().getOffset(now.toEpochMilli());
    return TIME.format(now.plusMillis(offset).atOffset(ZoneOffset.UTC));
  }
}
