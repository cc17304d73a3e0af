package io.gantry.importer;

import io.gantry.target.Target;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/**
 * What SIGTERM does while a target is being written: takes it away, so that the process ends at
 * once and leaves nothing half-made that looks finished. Whoever was writing waits for the end in
 * {@link #close}: he has nothing to tell any more, and must not touch what the next run goes on
 * with.
 */
final class Shutdown implements AutoCloseable {

  private final Thread hook;

  private Shutdown(Thread hook) {
    this.hook = hook;
  }

  /** Abandons {@code target} when the process is told to end before this is closed. */
  static Shutdown abandoning(Target target) {
    Thread hook = new Thread(() -> abandon(target), "shutdown");
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException alreadyEnding) {
      abandon(target);
    }
    return new Shutdown(hook);
  }

  private static void abandon(Target target) {
    try {
      target.abandon();
    } catch (IOException _) {
      // The process is ending; the next one finds out what is left.
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException alreadyEnding) {
      awaitEnd();
    }
  }

  /** The virtual machine halts when its hooks have run, whatever other threads do. */
  private static void awaitEnd() {
    while (true) {
      LockSupport.park();
    }
  }
}
