package io.gantry.importer;

import org.jspecify.annotations.Nullable;

/** An import that ends with a failure: what is told, and to whom. */
final class ImportException extends Exception {

  private final ErrorCode code;
  private final boolean silent;

  private ImportException(ErrorCode code, String text, boolean silent, @Nullable Throwable cause) {
    super(text, cause);
    this.code = code;
    this.silent = silent;
  }

  /** The source was opened, and then something went wrong. */
  static ImportException processing(String chain, @Nullable Throwable cause) {
    return new ImportException(
        ErrorCode.of(cause), "Unable to process data: " + chain, false, cause);
  }

  /** A failure with a text of its own. */
  static ImportException of(ErrorCode code, String text, @Nullable Throwable cause) {
    return new ImportException(code, text, false, cause);
  }

  /** A failure that is told by the last line of the log only. */
  static ImportException silent(ErrorCode code, String text) {
    return new ImportException(code, text, true, null);
  }

  ErrorCode code() {
    return code;
  }

  /** Says whether the last line of the log is all there is. */
  boolean isSilent() {
    return silent;
  }

  String text() {
    return String.valueOf(getMessage());
  }

  ImportResult result() {
    return silent ? ImportResult.silent(1) : ImportResult.failed(text());
  }
}
