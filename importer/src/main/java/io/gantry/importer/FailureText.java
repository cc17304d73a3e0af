package io.gantry.importer;

import io.gantry.codec.LibraryException;
import io.gantry.http.HttpSource;
import io.gantry.image.DamagedStreamException;
import io.gantry.image.ImageException;
import io.gantry.image.OtherFileException;
import io.gantry.image.TooShortException;
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
 *
 * <p>The contexts are phases of the reference, which goes different ways for different sources:
 * most images lie in scratch space before they are converted, objects may go straight into the
 * volume, and a server on this node is read by the conversion itself. Here all of it is one pass,
 * so a failure is told in the phase it would have had there.
 *
 * @param reading the phase that reads the source
 * @param writing the phase that writes the disk
 */
record FailureText(String reading, String writing) {

  static final String TO_SCRATCH = "Unable to transfer source data to scratch space: ";
  static final String TO_FILE = "Unable to transfer source data to target file: ";
  private static final String INFO = "Unable to obtain information about data source: ";
  private static final String HEADER = INFO + "could not process image header: ";
  private static final String CONVERT = "Unable to convert source data to target format: ";
  private static final String CONVERSION = CONVERT + "Conversion to Raw failed: ";

  /** The controller takes these words for the reason. */
  private static final String PULLING = "failed to pull image: ";

  /** Returns the words for what {@code config} asks for. */
  static FailureText of(ImporterConfig config) {
    if (config.isServedBesideIt()) {
      return new FailureText(CONVERSION, CONVERSION);
    }
    return switch (config.source()) {
      case "s3", "gcs" -> new FailureText(TO_FILE + PULLING, TO_FILE);
      default -> new FailureText(TO_SCRATCH + PULLING, CONVERSION);
    };
  }

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
  String of(Throwable failure) {
    String text = String.valueOf(failure.getMessage());
    if (text.contains(PULLING)) {
      // Said by the source, which is a container image: whatever it is, its layer is to blame.
      return reading.replace(PULLING, "") + text;
    }
    return switch (failure) {
      case TooShortException e -> tooShort(e);
      case WrongContentException e -> HEADER + e.getMessage();
      case UnsupportedFormatException e -> CONVERT + invalidFormat(e);
      case OtherFileException e -> CONVERT + invalidFile(e);
      case DiskTooLargeException e -> CONVERT + e.getMessage();
      case TargetException e -> ofTarget(e);
      case DamagedStreamException _ -> reading + text;
      case ImageException _, LibraryException _ -> CONVERSION + text;
      case IOException _ -> reading + text;
      default -> writing + failure;
    };
  }

  /** Describes what is noticed by the first bytes, whatever they are the first ones of. */
  static String tooShort(TooShortException failure) {
    return HEADER + "unexpected EOF: " + failure.getMessage();
  }

  private String ofTarget(TargetException failure) {
    return switch (failure.kind()) {
      case TOO_SMALL -> CONVERT + failure.getMessage();
      case FULL -> writing + "unable to write to file: " + failure.getMessage();
      case EXISTS, NOT_WRITABLE -> writing + failure.getMessage();
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
