package io.gantry.importer;

import io.gantry.runtime.Env;
import io.gantry.runtime.MetricsServer;
import io.gantry.runtime.WorkerLog;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The page of metrics for as long as the import runs. The server starts in a thread of its own,
 * since setting up TLS would hold up the import; a failure is not fatal.
 *
 * <p>It must be closed: the JVM waits 0.3 s at its end for threads inside system calls, and one of
 * the server's is always in such a call.
 */
final class ServedMetrics implements AutoCloseable {

  private static final String PORT_VARIABLE = "GANTRY_METRICS_PORT";

  private final WorkerLog log;
  private @Nullable MetricsServer server;
  private boolean closed;

  private ServedMetrics(WorkerLog log) {
    this.log = log;
  }

  static ServedMetrics start(Env env, Supplier<String> page, WorkerLog log) {
    ServedMetrics metrics = new ServedMetrics(log);
    Thread.ofPlatform().daemon().name("metrics-start").start(() -> metrics.listen(env, page));
    return metrics;
  }

  private void listen(Env env, Supplier<String> page) {
    try {
      int port = env.get(PORT_VARIABLE).map(Integer::parseInt).orElse(MetricsServer.PORT);
      started(MetricsServer.start(port, page));
    } catch (IOException | IllegalArgumentException e) {
      failed(e);
    }
  }

  /** The last line of the log is the import's: what failed meanwhile is of no interest then. */
  private synchronized void failed(Exception e) {
    if (!closed) {
      log.warning("no metrics: " + e.getMessage());
    }
  }

  private synchronized void started(MetricsServer listening) {
    if (closed) {
      listening.close();
      return;
    }
    server = listening;
    log.verbose(1, "metrics on port " + listening.port());
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (server != null) {
      server.close();
    }
  }
}
