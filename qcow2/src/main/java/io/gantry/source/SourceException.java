package io.gantry.source;

import java.io.IOException;

/** The source could not be reached, broke off, or changed while it was being read. */
public final class SourceException extends IOException {

  private final boolean retryable;

  public SourceException(String message, boolean retryable) {
    super(message);
    this.retryable = retryable;
  }

  public SourceException(String message, boolean retryable, Throwable cause) {
    super(message, cause);
    this.retryable = retryable;
  }

  /** Says whether the same transfer could succeed later without any change by the user. */
  public boolean retryable() {
    return retryable;
  }
}
