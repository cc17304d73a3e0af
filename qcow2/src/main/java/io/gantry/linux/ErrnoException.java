package io.gantry.linux;

import java.io.IOException;
import java.nio.file.Path;

/** A system call that failed: which one, with what errno, on what path. */
public final class ErrnoException extends IOException {

  private final String call;
  private final int errno;
  private final Path path;

  ErrnoException(String call, int errno, Path path) {
    super("%s %s: %s".formatted(call, path, Errno.text(errno)));
    this.call = call;
    this.errno = errno;
    this.path = path;
  }

  public String call() {
    return call;
  }

  public int errno() {
    return errno;
  }

  public Path path() {
    return path;
  }
}
