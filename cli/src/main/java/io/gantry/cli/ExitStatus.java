package io.gantry.cli;

import io.gantry.image.ImageException;
import io.gantry.io.InputException;
import io.gantry.runtime.CaFileException;
import io.gantry.source.DigestMismatchException;
import io.gantry.source.SourceException;
import io.gantry.target.TargetException;
import java.io.EOFException;

/** How the process ends; scripts rely on the numbers. */
enum ExitStatus {
  DONE(0, "done"),
  FAILED(1, "anything not listed here"),
  USAGE(2, "the command line is wrong"),
  SOURCE(3, "the source is unreachable or broke off; could succeed later"),
  IMAGE(4, "the image is malformed, unsupported or over a limit"),
  TARGET(5, "the target exists, is too small, full or not writable"),
  CHECKSUM(6, "the source does not have the checksum given"),
  SCRATCH(7, "scratch space is required: give --scratch DIR");

  private final int code;
  private final String meaning;

  ExitStatus(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  int code() {
    return code;
  }

  /** Returns what help says of it. */
  String meaning() {
    return meaning;
  }

  /** Says what a failure means to whoever started us. */
  static ExitStatus of(Throwable failure) {
    return switch (failure) {
      case UsageException _, CaFileException _ -> USAGE;
      case SourceException _, InputException _, EOFException _ -> SOURCE;
      case ImageException _ -> IMAGE;
      case TargetException _ -> TARGET;
      case DigestMismatchException _ -> CHECKSUM;
      default -> FAILED;
    };
  }
}
