package io.gantry.cli;

import io.gantry.image.WrongContentException;
import io.gantry.target.TargetException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** The one line on standard error that a failure gets. */
final class ErrorLine {

  private ErrorLine() {}

  static void print(PrintStream err, String message) {
    err.println("gantry: " + Printable.of(message));
    err.flush();
  }

  /** Describes a failure that nobody gave a better text. */
  static String describe(Throwable failure) {
    String message = failure.getMessage();
    return switch (failure) {
      case OutOfMemoryError _ ->
          "out of memory with a heap of %s: give it more, or fewer --threads"
              .formatted(ByteSize.human(Runtime.getRuntime().maxMemory()));
      case NoSuchFileException missing -> missing.getFile() + ": no such file";
      case AccessDeniedException denied -> denied.getFile() + ": permission denied";
      case TargetException target when target.kind() == TargetException.Kind.EXISTS ->
          message + " (--force)";
      case WrongContentException _ -> message + " (--no-content-guard)";
      case UsageException _ -> String.valueOf(message);
      case IOException _ when message != null -> message;
      default ->
          "internal error: %s: run again with --verbose and report what it prints"
              .formatted(failure);
    };
  }
}
