package io.gantry.importer;

import org.jspecify.annotations.Nullable;

/** An import that ends with a failure: what is told, and to whom. */
final class ImportException extends Exception {

  private static final int FAILED = 1;
  private static final int PANICKED = 2;

  private final ErrorCode code;
  private final boolean silent;
  private final int status;

  private ImportException(
      ErrorCode code, String text, boolean silent, int status, @Nullable Throwable cause) {
    super(text, cause);
    this.code = code;
    this.silent = silent;
    this.status = status;
  }

  /** The source was opened, and then something went wrong. */
  static ImportException processing(String chain, @Nullable Throwable cause) {
    return new ImportException(
        ErrorCode.of(cause), "Unable to process data: " + chain, false, FAILED, cause);
  }

  /** A failure with a text of its own. */
  static ImportException of(ErrorCode code, String text, @Nullable Throwable cause) {
    return new ImportException(code, text, false, FAILED, cause);
  }

  /** A failure that is told by the last line of the log only. */
  static ImportException silent(ErrorCode code, String text) {
    return new ImportException(code, text, true, FAILED, null);
  }

  /** The same where the reference panics, which ends a Go program with another status. */
  static ImportException panic(ErrorCode code, String text) {
    return new ImportException(code, text, true, PANICKED, null);
  }

  ErrorCode code() {
    return code;
  }

  String text() {
    return String.valueOf(getMessage());
  }

  ImportResult result() {
    return silent ? ImportResult.silent(status, text()) : ImportResult.failed(text());
  }
}
