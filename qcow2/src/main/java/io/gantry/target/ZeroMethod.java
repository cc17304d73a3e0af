package io.gantry.target;

import io.gantry.linux.Errno;
import io.gantry.linux.ErrnoException;
import io.gantry.linux.Fd;
import io.gantry.linux.Libc;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** A way to make a range read as zero, best first. */
enum ZeroMethod {
  /**
   * Gives the blocks back. Of a device the kernel promises zeros too: blkdev_fallocate() turns this
   * into a write-zeroes request that may unmap, never a mere discard, and refuses where the device
   * has none (Linux 4.9 and later).
   */
  PUNCH_HOLE("punch-hole"),

  /** Keeps the blocks; a device without a command for it is written by the kernel. */
  ZERO_RANGE("zero-range"),

  /** The same for devices, older (ioctl of Linux 3.7). */
  BLKZEROOUT("blkzeroout"),

  /** Writing zeros, which cannot be refused. */
  WRITE("write");

  /** A device may do without the command, the driver, or the kernel, and says so in many ways. */
  private static final Set<Integer> REFUSALS =
      Set.of(
          Errno.EOPNOTSUPP,
          Errno.ENOSYS,
          Errno.ENOTTY,
          Errno.EINVAL,
          Errno.ENODEV,
          Errno.EREMOTEIO);

  private final String shown;

  ZeroMethod(String shown) {
    this.shown = shown;
  }

  /** The ladder of a file. What has been allocated for it is not given back. */
  static List<ZeroMethod> ofFile(Preallocation preallocation) {
    return switch (preallocation) {
      case OFF -> List.of(PUNCH_HOLE, ZERO_RANGE, WRITE);
      case FALLOC -> List.of(ZERO_RANGE, WRITE);
      case FULL -> List.of(WRITE);
    };
  }

  /** The ladder of a device. Preallocated, it is never unmapped. */
  static List<ZeroMethod> ofDevice(Preallocation preallocation) {
    return preallocation == Preallocation.OFF
        ? List.of(PUNCH_HOLE, ZERO_RANGE, BLKZEROOUT, WRITE)
        : List.of(ZERO_RANGE, BLKZEROOUT, WRITE);
  }

  /** Zeroes whole blocks; false when this method does not work here. Not for {@link #WRITE}. */
  boolean tryZero(Fd fd, long offset, long length) throws IOException {
    try {
      switch (this) {
        case PUNCH_HOLE -> fallocate(fd, Libc.FALLOC_FL_PUNCH_HOLE, offset, length);
        case ZERO_RANGE -> fallocate(fd, Libc.FALLOC_FL_ZERO_RANGE, offset, length);
        case BLKZEROOUT -> Libc.blkZeroOut(fd, offset, length);
        case WRITE -> throw new IllegalStateException("writing needs no call of its own");
      }
      return true;
    } catch (ErrnoException e) {
      if (REFUSALS.contains(e.errno())) {
        return false;
      }
      throw e;
    }
  }

  private static void fallocate(Fd fd, int mode, long offset, long length) throws IOException {
    Libc.fallocate(fd, mode | Libc.FALLOC_FL_KEEP_SIZE, offset, length);
  }

  @Override
  public String toString() {
    return shown;
  }
}
