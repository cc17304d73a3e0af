package io.gantry.image;

import java.io.IOException;

/** An image that is not decoded, with the reason; the kinds say whose fault it is. */
public abstract sealed class ImageException extends IOException
    permits MalformedImageException,
        UnsupportedImageException,
        ImageTooLargeException,
        WrongContentException {

  ImageException(String message) {
    super(message);
  }

  ImageException(String message, Throwable cause) {
    super(message, cause);
  }
}
