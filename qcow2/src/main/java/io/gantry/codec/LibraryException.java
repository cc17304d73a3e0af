package io.gantry.codec;

import java.io.IOException;

/** A native library does not let itself be loaded: it is the installation that is broken. */
public final class LibraryException extends IOException {

  public LibraryException(String message, Throwable cause) {
    super(message, cause);
  }
}
