package io.gantry.io;

import java.io.IOException;

/** An input could not be read: the message says which, the kernel's own does not. */
public final class InputException extends IOException {

  public InputException(String inputName, IOException cause) {
    super(inputName + ": " + cause.getMessage(), cause);
  }
}
