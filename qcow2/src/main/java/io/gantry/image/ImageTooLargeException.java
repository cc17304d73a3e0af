package io.gantry.image;

/** The image is well formed, but over one of our {@link Limits}. */
public final class ImageTooLargeException extends ImageException {

  public ImageTooLargeException(String message) {
    super(message);
  }

  public ImageTooLargeException(String message, Throwable cause) {
    super(message, cause);
  }
}
