package io.gantry.importer;

import io.gantry.http.HttpSource;
import io.gantry.image.ImageException;
import io.gantry.image.WrongContentException;
import io.gantry.source.DigestMismatchException;
import io.gantry.source.SourceException;
import io.gantry.target.TargetException;
import java.io.IOException;
import java.util.OptionalInt;

/**
 * Failures in the words that operators and the control plane look for: a chain of contexts and a
 * cause, with six substrings in it that have a meaning of their own.
 */
final class FailureText {

  static final String TO_FILE = "Unable to transfer source data to target file: ";
  private static final String INFO = "Unable to obtain information about data source: ";
  private static final String CONVERT = "Unable to convert source data to target format: ";

  /** The controller takes these words for the reason. */
  private static final String PULLING = "failed to pull image: ";

  private FailureText() {}

  /** Describes why a source could not be opened. */
  static String connecting(Exception failure) {
    String text = String.valueOf(failure.getMessage());
    if (failure instanceof SourceException source) {
      OptionalInt status = HttpSource.statusOf(source);
      return status.isPresent() ? text : "HTTP request errored: " + text;
    }
    return text;
  }

  /** Describes what went wrong on the way from an open source to a finished disk. */
  static String of(Throwable failure) {
    String text = String.valueOf(failure.getMessage());
    if (text.contains(PULLING)) {
      // Said by the source, which is a container image: whatever it is, its layer is to blame.
      return TO_FILE + text;
    }
    return switch (failure) {
      case WrongContentException e -> INFO + e.getMessage();
      case DiskTooLargeException e -> CONVERT + e.getMessage();
      case TargetException e when e.kind() == TargetException.Kind.TOO_SMALL ->
          CONVERT + e.getMessage();
      case TargetException e -> TO_FILE + "unable to write to file: " + e.getMessage();
      case ImageException e -> CONVERT + "Conversion to Raw failed: " + e.getMessage();
      case IOException e -> TO_FILE + PULLING + text;
      default -> TO_FILE + failure;
    };
  }

  /** The words of a checksum mismatch make it final for the controller. */
  static String checksumMismatch(String context, DigestMismatchException mismatch) {
    return "Unable to process data: "
        + context
        + "checksum validation failed: checksum mismatch: expected %s, calculated %s"
            .formatted(mismatch.expected(), mismatch.calculated());
  }
}
