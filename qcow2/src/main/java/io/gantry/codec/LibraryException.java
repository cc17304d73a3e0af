package io.gantry.codec;

import java.io.IOException;

/** A native library does not let itself be loaded: it is the installation that is broken. */
public final class LibraryException extends IOException {

  LibraryException(String message, LinkageError cause) {
    super(message, cause);
  }
}
