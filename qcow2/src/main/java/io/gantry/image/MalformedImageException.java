package io.gantry.image;

/** The image breaks its format: a field out of range, a table past the end, data cut short. */
public sealed class MalformedImageException extends ImageException permits DamagedStreamException {

  public MalformedImageException(String message) {
    super(message);
  }

  public MalformedImageException(String message, Throwable cause) {
    super(message, cause);
  }
}
