package io.gantry.target;

import io.gantry.linux.Errno;
import io.gantry.linux.ErrnoException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a failed call means for the target, in one line: where, what, why, and what to do. */
public final class Diagnosis {

  private Diagnosis() {}

  /**
   * Explains that {@code deed} ("write 4096 bytes at 0") failed on the target {@code name}. Before
   * the first byte, a lack of room is {@code TOO_SMALL}, later it is {@code FULL}.
   */
  public static TargetException of(String name, String deed, boolean preparing, IOException cause) {
    if (cause instanceof TargetException told) {
      return told;
    }
    String reason = reason(cause);
    TargetException.Kind kind = kind(reason, preparing);
    return new TargetException(
        kind, "%s: cannot %s: %s%s".formatted(name, deed, reason, advice(reason)), cause);
  }

  private static TargetException.Kind kind(String reason, boolean preparing) {
    if (reason.equals(Errno.text(Errno.ENOSPC)) || reason.equals(Errno.text(Errno.EDQUOT))) {
      return preparing ? TargetException.Kind.TOO_SMALL : TargetException.Kind.FULL;
    }
    return reason.equals(Errno.text(Errno.EFBIG))
        ? TargetException.Kind.TOO_SMALL
        : TargetException.Kind.NOT_WRITABLE;
  }

  private static String advice(String reason) {
    if (reason.equals(Errno.text(Errno.ENOSPC)) || reason.equals(Errno.text(Errno.EDQUOT))) {
      return "; free some room there or choose a larger target";
    }
    if (reason.equals(Errno.text(Errno.EFBIG))) {
      return "; this file system has no files that large, choose another";
    }
    if (reason.equals(Errno.text(Errno.EBUSY))) {
      return "; it is mounted or otherwise in use, release it first";
    }
    return "";
  }

  /**
   * The words for an errno. java.nio hands on those of strerror(3) instead, which differ from ours
   * in the first letter (as long as the locale is English; elsewhere the kind is the general one).
   */
  static String reason(IOException cause) {
    return switch (cause) {
      case ErrnoException e -> Errno.text(e.errno());
      case AccessDeniedException _ -> Errno.text(Errno.EACCES);
      case NoSuchFileException _ -> Errno.text(Errno.ENOENT);
      case ClosedChannelException _ -> "it was closed meanwhile";
      case FileSystemException e -> uncapitalized(e.getReason());
      default -> uncapitalized(cause.getMessage());
    };
  }

  private static String uncapitalized(@Nullable String text) {
    return Optional.ofNullable(text)
        .filter(words -> !words.isEmpty())
        .map(words -> words.substring(0, 1).toLowerCase(Locale.ROOT) + words.substring(1))
        .orElse("unknown reason");
  }
}
