package io.gantry.importer;

import io.gantry.codec.XzWarmUp;
import io.gantry.runtime.Env;
import io.gantry.runtime.KlogFlags;
import io.gantry.runtime.TerminationLog;
import io.gantry.runtime.WorkerLog;
import io.gantry.target.Diagnosis;
import io.gantry.transfer.Progress;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The importer pod's program: everything comes from the environment, klog's flags are accepted. */
public final class ImporterMain {

  private static final int STATUS_USAGE = 2;

  private ImporterMain() {}

  /** Runs and ends the process. */
  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments), Env.of(System.getenv()), System.err));
  }

  /**
   * Runs one import.
   *
   * @param env as the controller sets it
   * @param err receives the log
   * @return the exit status of the process
   */
  public static int run(List<String> arguments, Env env, PrintStream err) {
    KlogFlags flags;
    try {
      flags = KlogFlags.parse(arguments, Set.of());
    } catch (KlogFlags.UsageException e) {
      err.println(e.getMessage());
      return STATUS_USAGE;
    }
    WorkerLog log = new WorkerLog(err, flags.verbosity());
    try {
      return run(ImporterConfig.of(env), ImporterPaths.of(env), log);
    } catch (ImporterConfig.ConfigException e) {
      log.error(String.valueOf(e.getMessage()));
      return e.status();
    }
  }

  private static int run(ImporterConfig config, ImporterPaths paths, WorkerLog log) {
    XzWarmUp.startFor(config.endpoint());
    Progress progress = new Progress();
    Bottleneck bottleneck = new Bottleneck();
    bottleneck.start();
    ImportMetrics metrics = new ImportMetrics(config.ownerUid(), progress, bottleneck);
    Importer importer = new Importer(config, paths, progress, metrics, log);
    ImportResult result;
    Optional<String> unwritten;
    try (ServedMetrics _ = ServedMetrics.start(config.env(), metrics::page, log)) {
      result = importer.run();
      unwritten = leave(result, new TerminationLog(paths.terminationLog()));
    }
    // Nothing follows it in the log, not even what the metrics' server may have to say.
    int status = tell(result, unwritten, log);
    if (status == 0) {
      importer.cleanUp();
    }
    return status;
  }

  /** Writes the termination message; returns what went wrong, if anything. */
  private static Optional<String> leave(ImportResult result, TerminationLog terminationLog) {
    if (result.message().isEmpty()) {
      return Optional.empty();
    }
    try {
      terminationLog.write(result.message().get());
      return Optional.empty();
    } catch (IOException e) {
      return Optional.ofNullable(
          Diagnosis.of("termination log", "write to it", false, e).getMessage());
    }
  }

  private static int tell(ImportResult result, Optional<String> unwritten, WorkerLog log) {
    String line = result.lastLine().orElse("");
    if (unwritten.isPresent()) {
      log.error("%s; it was to say: %s".formatted(unwritten.get(), line));
      return Math.max(result.status(), 1);
    }
    if (!line.isEmpty() && result.status() == 0) {
      log.info(line);
    } else if (!line.isEmpty()) {
      log.error(line);
    }
    return result.status();
  }
}
