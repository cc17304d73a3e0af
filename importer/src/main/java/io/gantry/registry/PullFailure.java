package io.gantry.registry;

import io.gantry.codec.LibraryException;
import io.gantry.image.ImageTooLargeException;
import io.gantry.image.MalformedImageException;
import io.gantry.image.UnsupportedImageException;
import io.gantry.source.SourceException;
import java.io.IOException;

/**
 * How failures are told. CDI's controller looks for {@code failed to pull image} in them, and finds
 * it unless the image came and is the wrong one.
 *
 * @param name of the image
 */
record PullFailure(String name) {

  IOException of(IOException failure) {
    String message = oneLine(failure);
    boolean named = message.startsWith(name);
    if (named && message.equals(failure.getMessage())) {
      return failure;
    }
    String pulling = named ? message : "%s: failed to pull image: %s".formatted(name, message);
    return switch (failure) {
      case LibraryException _ -> failure; // no image is to blame, and no other try helps
      case UnsupportedImageException _ ->
          new UnsupportedImageException(named ? message : name + ": " + message, failure);
      case MalformedImageException _ -> new MalformedImageException(pulling, failure);
      case ImageTooLargeException _ -> new ImageTooLargeException(pulling, failure);
      case SourceException source -> new SourceException(pulling, source.retryable(), failure);
      default -> new SourceException(pulling, true, failure);
    };
  }

  /**
   * Names in tars and words of registries are a stranger's: they begin no line, also not by the
   * control characters beyond ASCII, and turn none around.
   */
  static String oneLine(Exception failure) {
    return String.valueOf(failure.getMessage()).replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+", " ");
  }
}
