package io.gantry.io;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** The end of work that another thread does. */
public final class Completion {

  private Completion() {}

  /**
   * Waits for {@code work}, and fails as it failed.
   *
   * @param doing what is being done, for the message when the wait is interrupted
   */
  public static <T> T await(Future<T> work, String doing) throws IOException {
    try {
      return work.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while " + doing);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException cause -> throw cause;
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IOException(e);
      }
    }
  }
}
