package io.gantry.image;

/** What came is no image at all: an error page, a document, a pointer to the file, or nothing. */
public sealed class WrongContentException extends ImageException permits TooShortException {

  public WrongContentException(String message) {
    super(message);
  }

  WrongContentException(String message, Throwable cause) {
    super(message, cause);
  }
}
