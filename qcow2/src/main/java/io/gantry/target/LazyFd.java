package io.gantry.target;

import io.gantry.linux.Fd;
import io.gantry.linux.Libc;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A second descriptor of a file that java.nio has open, for calls that java.nio does not have;
 * opened when it is first needed, which mostly is never.
 */
final class LazyFd implements Closeable {

  private final Path path;
  private final @Nullable Object key;
  private @Nullable Fd fd;
  private boolean closed;

  /** The file that {@code path} leads to now, and must lead to when it is opened. */
  LazyFd(Path path) throws IOException {
    this.path = path;
    this.key = fileKey(path);
  }

  /** Device and inode, where the system has such a thing. */
  static @Nullable Object fileKey(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  synchronized Fd get() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (fd == null) {
      fd = open();
    }
    return fd;
  }

  private Fd open() throws IOException {
    Fd opened = Libc.open(path, Libc.O_RDWR | Libc.O_CLOEXEC);
    if (!Objects.equals(fileKey(path), key)) {
      opened.close();
      throw new TargetException(
          TargetException.Kind.NOT_WRITABLE,
          path + ": was replaced by another file while it was being written");
    }
    return opened;
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    if (fd != null) {
      fd.close();
    }
  }
}
