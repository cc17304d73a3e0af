package io.gantry.codec;

import java.io.IOException;

/** Carries failures from the thread they happened on to the one that has to know. */
final class Failures {

  private Failures() {}

  /** Throws {@code failure} as what it is. */
  static IOException rethrow(Throwable failure) throws IOException {
    switch (failure) {
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IOException(failure);
    }
  }
}
