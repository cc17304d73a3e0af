package io.gantry.importer;

import io.gantry.http.HttpSource;
import io.gantry.image.ImageException;
import io.gantry.image.OtherFileException;
import io.gantry.image.UnsupportedFormatException;
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
    return switch (failure) {
      case WrongContentException e -> INFO + "could not process image header: " + e.getMessage();
      case UnsupportedFormatException e -> CONVERT + invalidFormat(e);
      case OtherFileException e -> CONVERT + invalidFile(e);
      case DiskTooLargeException e -> CONVERT + e.getMessage();
      case TargetException e when e.kind() == TargetException.Kind.TOO_SMALL ->
          CONVERT + e.getMessage();
      case TargetException e -> TO_FILE + "unable to write to file: " + e.getMessage();
      case ImageException e -> CONVERT + "Conversion to Raw failed: " + e.getMessage();
      case IOException e -> TO_FILE + "failed to pull image: " + e.getMessage();
      default -> TO_FILE + failure;
    };
  }

  private static String invalidFormat(UnsupportedFormatException failure) {
    return "Invalid format %s for image %s: it is not decoded here; %s"
        .formatted(failure.format(), failure.image(), failure.advice());
  }

  private static String invalidFile(OtherFileException failure) {
    return "Image %s is invalid because it has invalid %s %s: no name in an image is followed; flatten it with qemu-img convert first"
        .formatted(failure.image(), failure.role(), failure.file());
  }

  /** The words of a checksum mismatch make it final for the controller. */
  static String checksumMismatch(String context, DigestMismatchException mismatch) {
    return "Unable to process data: "
        + context
        + "checksum validation failed: checksum mismatch: expected %s, calculated %s"
            .formatted(mismatch.expected(), mismatch.calculated());
  }
}
