package io.gantry.archive;

import io.gantry.linux.Errno;
import io.gantry.linux.ErrnoException;
import io.gantry.linux.Fd;
import io.gantry.linux.Libc;
import java.io.IOException;

/**
 * Bounds the pages that unpacking leaves dirty: version 1 of the memory controller kills a writer
 * that makes too many. A large file is written out window by window, the last one while the next is
 * filled; many small ones are synced together now and then.
 */
final class DirtyFiles {

  private static final long WINDOW = 16L << 20;

  /** Four windows, as much as a large file may have dirty with what came before it. */
  private static final long LOOSE_MAX = 64L << 20;

  private static final int WAIT =
      Libc.SYNC_FILE_RANGE_WAIT_BEFORE
          | Libc.SYNC_FILE_RANGE_WRITE
          | Libc.SYNC_FILE_RANGE_WAIT_AFTER;

  private final Fd root;
  private long loose;
  private long dirty;
  private long windowStart;
  private long waitedFor;

  DirtyFiles(Fd root) {
    this.root = root;
  }

  void begin() {
    dirty = 0;
    windowStart = 0;
    waitedFor = 0;
  }

  /** Takes note of bytes written to {@code file}, which end at {@code end}. */
  void written(Fd file, long end, int length) throws IOException {
    dirty += length;
    if (dirty >= WINDOW) {
      writeOut(file, windowStart, end, Libc.SYNC_FILE_RANGE_WRITE);
      if (windowStart > waitedFor) {
        writeOut(file, waitedFor, windowStart, WAIT);
        Libc.posixFadvise(file, waitedFor, windowStart - waitedFor, Libc.POSIX_FADV_DONTNEED);
        waitedFor = windowStart;
      }
      windowStart = end;
      dirty = 0;
    }
  }

  /** Takes note that the file that was begun last is complete. */
  void end() throws IOException {
    loose += windowStart > waitedFor ? dirty + WINDOW : dirty;
    if (loose > LOOSE_MAX) {
      Libc.syncfs(root);
      loose = 0;
    }
  }

  /** A sandbox or file system without the call leaves it to the kernel. */
  private static void writeOut(Fd file, long start, long end, int flags) throws IOException {
    try {
      Libc.syncFileRange(file, start, end - start, flags);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.ENOSYS && e.errno() != Errno.EINVAL) {
        throw e;
      }
    }
  }
}
