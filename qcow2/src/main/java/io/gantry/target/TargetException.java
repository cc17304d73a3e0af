package io.gantry.target;

import java.io.IOException;

/** The target is too small, full, or cannot be written. */
public final class TargetException extends IOException {

  /** What was wrong with the target. */
  public enum Kind {
    /** It cannot hold the disk; known before the first byte was written. */
    TOO_SMALL,
    /** It ran out of room while writing (ENOSPC, EDQUOT). */
    FULL,
    /** It exists already and overwriting was not asked for. */
    EXISTS,
    /** No permission, read-only, in use, or an I/O error. */
    NOT_WRITABLE
  }

  private final Kind kind;

  public TargetException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public TargetException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
