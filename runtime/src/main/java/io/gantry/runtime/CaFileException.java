package io.gantry.runtime;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A file of certificate authorities is not there or not one: what was asked for must change. */
public final class CaFileException extends IOException {

  private static final long serialVersionUID = 1;

  CaFileException(String message) {
    super(message);
  }

  CaFileException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
