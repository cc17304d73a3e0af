package io.gantry.image;

/** The image breaks its format: a field out of range, a table past the end, data cut short. */
public final class MalformedImageException extends ImageException {

  public MalformedImageException(String message) {
    super(message);
  }

  public MalformedImageException(String message, Throwable cause) {
    super(message, cause);
  }
}
