package io.gantry.http;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Lets one thread break off the request that another one waits for. */
final class Cancellation {

  private @Nullable Connection current;
  private boolean cancelled;

  synchronized boolean isCancelled() {
    return cancelled;
  }

  /** Names the connection that a request goes out on. */
  synchronized void use(Connection connection) throws IOException {
    if (cancelled) {
      connection.close();
      throw new IOException("broken off");
    }
    current = connection;
  }

  /** Drops the connection in use, and every later one. */
  synchronized void cancel() {
    cancelled = true;
    if (current != null) {
      current.close();
    }
  }

  /** Forgets the connection, which now serves somebody else. */
  synchronized void release() {
    current = null;
  }
}
