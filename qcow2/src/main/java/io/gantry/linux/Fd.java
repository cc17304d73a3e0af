package io.gantry.linux;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An open file descriptor and the path it was opened by, for any number of threads.
 *
 * <p>The number of a closed descriptor is given to the next file that is opened; a thread still on
 * its way into a write would write there. So calls hold the descriptor while they run, and whoever
 * lets go last closes it: {@link #close} never waits, and may be called at any time.
 */
public final class Fd implements Closeable {

  private final int number;
  private final Path path;
  private final AtomicInteger holders = new AtomicInteger(1);
  private final AtomicInteger closes = new AtomicInteger();

  Fd(int number, Path path) {
    this.number = number;
    this.path = path;
  }

  public Path path() {
    return path;
  }

  /** Returns the number for one call, which must be followed by {@link #release}. */
  int hold() throws ClosedChannelException {
    int count = holders.get();
    while (count > 0 && closes.get() == 0) {
      if (holders.compareAndSet(count, count + 1)) {
        return number;
      }
      count = holders.get();
    }
    throw new ClosedChannelException();
  }

  void release() throws IOException {
    if (holders.decrementAndGet() == 0) {
      Libc.close(number, path);
    }
  }

  /** Closes when no call is under way, else leaves that to the last one. Does it once. */
  @Override
  public void close() throws IOException {
    if (closes.getAndIncrement() == 0) {
      release();
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
