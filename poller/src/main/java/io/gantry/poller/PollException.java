package io.gantry.poller;

import org.jspecify.annotations.Nullable;

/** A poll that ends with a failure, in the words that the log's last line has. */
final class PollException extends Exception {

  private static final long serialVersionUID = 1;

  PollException(String message) {
    super(message);
  }

  PollException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
