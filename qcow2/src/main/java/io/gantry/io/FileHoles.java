package io.gantry.io;

import io.gantry.linux.Errno;
import io.gantry.linux.ErrnoException;
import io.gantry.linux.Fd;
import io.gantry.linux.Libc;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a file has holes, asked of the file system (lseek(2), {@code SEEK_HOLE}). Uses a descriptor
 * of its own, opened at the first question. Where holes cannot be told, all is data.
 */
final class FileHoles implements Closeable {

  private final Path path;
  private boolean unknown = !Libc.isAvailable();
  private @Nullable Fd fd;

  FileHoles(Path path) {
    this.path = path;
  }

  /** Returns the end of the hole at {@code offset}, at most {@code end}; or {@code offset}. */
  synchronized long endOfHole(long offset, long end) throws IOException {
    long data = seek(offset, Libc.SEEK_DATA, end);
    return data < 0 ? offset : Math.min(data, end);
  }

  /** Returns the end of the data at {@code offset}, at most {@code end}. */
  synchronized long endOfData(long offset, long end) throws IOException {
    long hole = seek(offset, Libc.SEEK_HOLE, end);
    return hole < 0 ? end : Math.min(hole, end);
  }

  /** Returns -1 when that cannot be told. ENXIO means that no data follows. */
  private long seek(long offset, int whence, long end) throws IOException {
    if (unknown) {
      return -1;
    }
    try {
      Fd open = fd == null ? Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC) : fd;
      fd = open;
      return Libc.lseek(open, offset, whence);
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENXIO) {
        return end;
      }
      unknown = true;
      return -1;
    }
  }

  @Override
  public synchronized void close() throws IOException {
    if (fd != null) {
      fd.close();
    }
  }
}
