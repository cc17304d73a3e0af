package io.gantry.importer;

import io.gantry.codec.LibraryException;
import io.gantry.image.ImageException;
import io.gantry.image.ImageTooLargeException;
import io.gantry.image.UnsupportedImageException;
import io.gantry.image.WrongContentException;
import io.gantry.io.InputException;
import io.gantry.runtime.CaFileException;
import io.gantry.source.DigestMismatchException;
import io.gantry.source.SourceException;
import io.gantry.target.TargetException;
import java.io.EOFException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What can go wrong, each with a code that stays the same when the words change. The log has it,
 * and {@code docs/errors.md} says what to do; a test keeps the two together.
 */
enum ErrorCode {
  SOURCE_REFUSED("G101", false),
  SOURCE_UNREACHABLE("G102", true),
  SOURCE_TLS("G103", false),
  SOURCE_UNKNOWN("G104", false),
  SOURCE_NOT_READY("G105", true),
  CHECKSUM_MISMATCH("G201", false),
  WRONG_CONTENT("G202", false),
  IMAGE_MALFORMED("G301", false),
  IMAGE_UNSUPPORTED("G302", false),
  IMAGE_OVER_LIMIT("G303", false),
  DISK_TOO_LARGE("G401", false),
  VOLUME_FULL("G402", false),
  VOLUME_NOT_WRITABLE("G403", true),
  ENVIRONMENT("G501", false),
  INSTALLATION("G502", false),
  INTERNAL("G901", false);

  private final String code;
  private final boolean retryHelps;

  ErrorCode(String code, boolean retryHelps) {
    this.code = code;
    this.retryHelps = retryHelps;
  }

  String code() {
    return code;
  }

  /** Says whether the same import can succeed later without anybody changing anything. */
  boolean retryHelps() {
    return retryHelps;
  }

  /** Returns the code of a failure. */
  static ErrorCode of(@Nullable Throwable failure) {
    return switch (failure) {
      case DigestMismatchException _ -> CHECKSUM_MISMATCH;
      case DiskTooLargeException _ -> DISK_TOO_LARGE;
      case WrongContentException _ -> WRONG_CONTENT;
      case ImageTooLargeException _ -> IMAGE_OVER_LIMIT;
      case UnsupportedImageException _ -> IMAGE_UNSUPPORTED;
      case ImageException _ -> IMAGE_MALFORMED;
      case TargetException e -> ofTarget(e);
      case CaFileException _ -> SOURCE_TLS;
      case SourceException e -> ofSource(e);
      case InputException _, EOFException _ -> SOURCE_UNREACHABLE;
      case LibraryException _ -> INSTALLATION;
      case null, default -> INTERNAL;
    };
  }

  private static ErrorCode ofTarget(TargetException failure) {
    return switch (failure.kind()) {
      case TOO_SMALL -> DISK_TOO_LARGE;
      case FULL -> VOLUME_FULL;
      case EXISTS, NOT_WRITABLE -> VOLUME_NOT_WRITABLE;
    };
  }

  private static ErrorCode ofSource(SourceException failure) {
    if (failure.retryable()) {
      return SOURCE_UNREACHABLE;
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException) {
        return SOURCE_TLS;
      }
    }
    return SOURCE_REFUSED;
  }
}
