package io.gantry.poller;

import io.gantry.runtime.Env;
import io.gantry.runtime.KlogFlags;
import io.gantry.runtime.WorkerLog;
import java.io.PrintStream;
import java.time.Clock;
import java.util.List;

/** The poller pod's program: status 0, or 1 and the cause in the last line of the log. */
public final class PollerMain {

  private static final int FAILED = 1;

  private PollerMain() {}

  /** Runs and ends the process. */
  public static void main(String[] arguments) {
    // The Kubernetes client logs through SLF4J, which would tell stderr that nobody listens.
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    System.exit(run(List.of(arguments), Env.of(System.getenv()), System.err));
  }

  /** Polls once; returns the exit status of the process. */
  static int run(List<String> arguments, Env env, PrintStream err) {
    KlogFlags flags;
    try {
      flags = KlogFlags.parse(arguments, PollerConfig.FLAGS);
    } catch (KlogFlags.UsageException e) {
      err.println(e.getMessage());
      return FAILED;
    }
    WorkerLog log = new WorkerLog(err, flags.verbosity());
    try {
      new Poller(PollerConfig.of(flags.own(), env), Clock.systemUTC(), log).run();
      return 0;
    } catch (PollException e) {
      log.error(String.valueOf(e.getMessage()));
      return FAILED;
    } catch (RuntimeException e) {
      log.error("internal error: " + e);
      return FAILED;
    }
  }
}
