package io.gantry.image;

/** The image is valid, but it uses something that is not decoded here or not allowed. */
public sealed class UnsupportedImageException extends ImageException
    permits UnsupportedFormatException, OtherFileException {

  public UnsupportedImageException(String message) {
    super(message);
  }

  public UnsupportedImageException(String message, Throwable cause) {
    super(message, cause);
  }
}
