package io.gantry.target;

import io.gantry.linux.Errno;
import io.gantry.linux.ErrnoException;
import io.gantry.linux.Fd;
import io.gantry.linux.Libc;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A block device, taken for ourselves alone ({@code O_EXCL}: not while it is mounted).
 *
 * <p>Nothing may be assumed of what it holds, so zero areas are made zero. Every write and every
 * native zeroing goes through one exclusive descriptor: the kernel then drops the cached pages of
 * what it zeroes past the cache without asking anybody else.
 */
final class BlockTarget extends VolumeTarget {

  private final Fd fd;

  /** For the write-behind: a lost write is told once to each descriptor, and our sync must hear. */
  private final LazyFd waiting;

  private final long capacity;
  private final boolean direct;
  private final Alignment alignment;
  private final int sector;

  private BlockTarget(
      Path path, TargetOptions options, Fd fd, boolean direct, long capacity, int sector)
      throws IOException {
    super(path, options);
    this.fd = fd;
    this.waiting = new LazyFd(path);
    this.capacity = capacity;
    this.direct = direct;
    this.sector = sector;
    this.alignment = direct ? Alignment.ofDirect(Libc.statx(fd), sector) : Alignment.NONE;
  }

  static BlockTarget open(Path path, TargetOptions options) throws TargetException {
    if (!Libc.isAvailable()) {
      throw notWritable(path, "writing to a block device needs Linux on x86-64 or arm64");
    }
    try {
      return openOnLinux(path, options);
    } catch (IOException e) {
      throw Diagnosis.of(path.toString(), "open the device", true, e);
    }
  }

  private static BlockTarget openOnLinux(Path path, TargetOptions options) throws IOException {
    Optional<Fd> past = options.direct() ? openDirect(path) : Optional.empty();
    Fd fd = past.isPresent() ? past.get() : openWith(path, 0);
    try {
      if (Libc.blkRoGet(fd)) {
        throw notWritable(path, "the device is read-only");
      }
      return new BlockTarget(
          path, options, fd, past.isPresent(), Libc.blkGetSize64(fd), Libc.blkSszGet(fd));
    } catch (IOException | RuntimeException e) {
      fd.close();
      throw e;
    }
  }

  private static Optional<Fd> openDirect(Path path) throws IOException {
    try {
      return Optional.of(openWith(path, Libc.O_DIRECT));
    } catch (ErrnoException e) {
      if (e.errno() == Errno.EINVAL) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static Fd openWith(Path path, int flags) throws IOException {
    return Libc.open(path, Libc.O_RDWR | Libc.O_EXCL | Libc.O_CLOEXEC | flags);
  }

  private static TargetException notWritable(Path path, String why) {
    return new TargetException(TargetException.Kind.NOT_WRITABLE, path + ": " + why);
  }

  @Override
  public long capacity() {
    return capacity;
  }

  /** A device cannot reserve: asked for either preallocation, every byte is written or zeroed. */
  @Override
  Prepared prepareStorage(long diskSize, boolean resuming) throws IOException {
    checkFits(diskSize);
    Preallocation applied =
        options.preallocation() == Preallocation.OFF ? Preallocation.OFF : Preallocation.FULL;
    return new Prepared(
        new FdStorage(fd, alignment),
        ZeroMethod.ofDevice(applied),
        sector,
        () -> fd,
        direct
            ? Optional.empty()
            : Optional.of(new WriteBehind(waiting::get, DirtyLimit::ofDevice)),
        applied,
        direct,
        false);
  }

  @Override
  void growStorage(long from, long to) throws TargetException {
    checkFits(to);
  }

  private void checkFits(long diskSize) throws TargetException {
    if (diskSize > capacity) {
      throw new TargetException(
          TargetException.Kind.TOO_SMALL,
          "%s: the device has %d bytes and the disk needs %d; choose a larger one"
              .formatted(path, capacity, diskSize));
    }
  }

  @Override
  void seal(Storage storage, long diskSize) throws IOException {
    storage.sync();
  }

  @Override
  void syncName() {}

  /** An existing target is left; that it is incomplete is said by the exit status. */
  @Override
  void discard() {}

  @Override
  void closeAll() throws IOException {
    try (LazyFd _ = waiting) {
      fd.close();
    }
  }
}
