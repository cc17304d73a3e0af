package io.gantry.target;

import io.gantry.linux.Errno;
import io.gantry.linux.ErrnoException;
import io.gantry.linux.Fd;
import io.gantry.linux.Libc;
import io.gantry.linux.Statx;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A regular file, sparse unless preallocated.
 *
 * <p>It is written under its final name: a temporary one would need room in the directory that a
 * volume mounted for one disk image does not promise, and an overwritten file must keep its inode,
 * owner and mode. What tells a finished disk from a half-made one is the exit status, and that a
 * file we created is removed when the transfer is given up.
 */
final class FileTarget extends VolumeTarget {

  /** What file systems work in; where they use more, they zero the rest of a block themselves. */
  private static final int FILE_BLOCK = 4096;

  /** How far the file runs ahead of a disk that grows, so that few pieces cost a call. */
  private static final long GROWTH = 64L << 20;

  private final boolean linux;
  private volatile @Nullable RandomAccessFile file;
  private volatile @Nullable LazyFd calls;
  private volatile @Nullable Fd direct;
  private volatile Alignment directAlignment = Alignment.NONE;
  private volatile boolean reserving;

  /** Of the file now; the end cuts it to that of the disk. */
  private volatile long length;

  private volatile boolean nameSynced;

  /** Guarded by this, like the creation and removal of the file. */
  private boolean discarded;

  private boolean created;
  private @Nullable Object createdKey;

  private FileTarget(Path path, TargetOptions options, boolean linux) {
    super(path, options);
    this.linux = linux;
  }

  static FileTarget open(Path path, TargetOptions options) throws TargetException {
    return open(path, options, Libc.isAvailable());
  }

  /** Opens for plain java.nio when not {@code linux}. */
  static FileTarget open(Path path, TargetOptions options, boolean linux) throws TargetException {
    if (options.direct() && !linux) {
      throw notWritable(path, "direct I/O needs Linux on x86-64 or arm64, leave it out here");
    }
    if (Files.exists(path)) {
      checkExisting(path, options);
    } else {
      checkParent(path);
    }
    return new FileTarget(path, options, linux);
  }

  private static void checkExisting(Path path, TargetOptions options) throws TargetException {
    if (Files.isDirectory(path)) {
      throw notWritable(path, "is a directory, name a file in it");
    }
    if (!Files.isRegularFile(path)) {
      throw notWritable(path, "is neither a regular file nor a block device");
    }
    if (!options.overwrite()) {
      throw exists(path);
    }
    if (!Files.isWritable(path)) {
      throw notWritable(path, "cannot be written: no permission, or a read-only file system");
    }
  }

  private static void checkParent(Path path) throws TargetException {
    Path parent = parentOf(path);
    if (!Files.isDirectory(parent)) {
      throw notWritable(
          path, parent + (Files.exists(parent) ? " is not a directory" : " does not exist"));
    }
    if (!Files.isWritable(parent)) {
      throw notWritable(
          path,
          "cannot be created in %s: no permission, or a read-only file system".formatted(parent));
    }
  }

  private static Path parentOf(Path path) {
    return Objects.requireNonNullElse(path.toAbsolutePath().getParent(), path);
  }

  private static TargetException exists(Path path) {
    return new TargetException(
        TargetException.Kind.EXISTS,
        path + ": exists already; remove it, or ask for it to be overwritten");
  }

  private static TargetException notWritable(Path path, String why) {
    return new TargetException(TargetException.Kind.NOT_WRITABLE, path + ": " + why);
  }

  @Override
  public long capacity() {
    return Long.MAX_VALUE;
  }

  @Override
  Prepared prepareStorage(long diskSize, boolean resuming) throws IOException {
    if (options.preallocation() != Preallocation.OFF && !resuming) {
      checkRoom(diskSize);
    }
    createOrTake();
    RandomAccessFile opened = new RandomAccessFile(path.toFile(), "rw");
    file = opened;
    if (!resuming) {
      opened.setLength(0);
    }
    opened.setLength(diskSize);
    length = diskSize;
    LazyFd fd = new LazyFd(path);
    calls = fd;
    Optional<Storage> past = options.direct() ? openDirect(opened, diskSize) : Optional.empty();
    Preallocation applied = preallocate(fd, length);
    return new Prepared(
        past.orElseGet(() -> new ChannelStorage(path, opened.getChannel())),
        linux ? ZeroMethod.ofFile(applied) : List.of(ZeroMethod.WRITE),
        FILE_BLOCK,
        fd::get,
        linux && past.isEmpty()
            ? Optional.of(new WriteBehind(fd::get, () -> DirtyLimit.ofFile(path)))
            : Optional.empty(),
        applied,
        past.isPresent(),
        applied != Preallocation.FULL);
  }

  /**
   * Says early what would be said late: what is overwritten makes room too. A file system of zero
   * bytes in all (ramfs, some in user space) does not tell.
   */
  private void checkRoom(long diskSize) throws IOException {
    boolean existing = Files.exists(path);
    FileStore store = Files.getFileStore(existing ? path : parentOf(path));
    long usable = store.getUsableSpace() + (existing ? Files.size(path) : 0);
    if (diskSize > usable && store.getTotalSpace() > 0) {
      throw new TargetException(
          TargetException.Kind.TOO_SMALL,
          "%s: %s: the disk takes %d bytes and %d are free; free some room there or choose another"
              .formatted(path, Errno.text(Errno.ENOSPC), diskSize, usable));
    }
  }

  private synchronized void createOrTake() throws IOException {
    if (discarded) {
      throw new ClosedChannelException();
    }
    try {
      Files.createFile(path);
      created = true;
      createdKey = LazyFd.fileKey(path);
    } catch (FileAlreadyExistsException e) {
      if (!options.overwrite()) {
        throw exists(path);
      }
    }
  }

  /**
   * Opens past the page cache; empty where the file system has no such way (EINVAL, open(2)). Only
   * whole blocks go there, so the file is longer until the end when the disk ends inside a block.
   */
  private Optional<Storage> openDirect(RandomAccessFile opened, long diskSize) throws IOException {
    Fd fd;
    try {
      fd = Libc.open(path, Libc.O_RDWR | Libc.O_DIRECT | Libc.O_CLOEXEC);
    } catch (ErrnoException e) {
      if (e.errno() == Errno.EINVAL) {
        return Optional.empty();
      }
      throw e;
    }
    direct = fd;
    Statx statx = Libc.statx(fd);
    Alignment alignment = Alignment.ofDirect(statx, Math.max(FILE_BLOCK, statx.blockSize()));
    directAlignment = alignment;
    length = alignment.up(diskSize);
    opened.setLength(length);
    return Optional.of(new FdStorage(fd, alignment));
  }

  /**
   * Reserves the blocks where the file system can, so that a lack of room is known now. Full
   * preallocation writes every byte besides; it is also what falloc becomes where the file system
   * cannot reserve (NFS before 4.2, ext3).
   */
  private Preallocation preallocate(LazyFd fd, long length) throws IOException {
    if (options.preallocation() == Preallocation.OFF) {
      return options.preallocation();
    }
    if (!linux) {
      return Preallocation.FULL;
    }
    try {
      int mode = length == 0 ? Libc.FALLOC_FL_KEEP_SIZE : 0;
      Libc.fallocate(fd.get(), mode, 0, Math.max(length, 1));
      reserving = true;
      return options.preallocation();
    } catch (ErrnoException e) {
      if (e.errno() == Errno.EOPNOTSUPP || e.errno() == Errno.ENOSYS) {
        return Preallocation.FULL;
      }
      throw e;
    }
  }

  /** A source that does not tell its length grows the disk with every piece. */
  @Override
  void growStorage(long from, long to) throws IOException {
    if (to <= length) {
      return;
    }
    try {
      lengthen(to + GROWTH);
    } catch (IOException e) {
      lengthen(to);
    }
  }

  private void lengthen(long to) throws IOException {
    long longer = directAlignment.up(to);
    if (reserving) {
      Libc.fallocate(Objects.requireNonNull(calls).get(), 0, length, longer - length);
    } else {
      Objects.requireNonNull(file).setLength(longer);
    }
    length = longer;
  }

  @Override
  void seal(Storage storage, long diskSize) throws IOException {
    if (length != diskSize) {
      Objects.requireNonNull(file).setLength(diskSize);
    }
    storage.sync();
  }

  /** A new file is found after a crash only when its directory is synced too (fsync(2)). */
  @Override
  void syncName() throws IOException {
    if (nameSynced || !linux || !isCreated()) {
      return;
    }
    try (FileChannel directory = FileChannel.open(parentOf(path), StandardOpenOption.READ)) {
      directory.force(true);
    }
    nameSynced = true;
  }

  private synchronized boolean isCreated() {
    return created;
  }

  /** Removes the file that we created, unless somebody has put another in its place. */
  @Override
  synchronized void discard() throws IOException {
    discarded = true;
    if (!created || options.keep()) {
      return;
    }
    created = false;
    try {
      if (Objects.equals(LazyFd.fileKey(path), createdKey)) {
        Files.delete(path);
      }
    } catch (NoSuchFileException e) {
      // Somebody was faster; it is gone, which is all we want.
    }
  }

  @Override
  void closeAll() throws IOException {
    try (RandomAccessFile _ = file;
        LazyFd _ = calls) {
      Fd opened = direct;
      if (opened != null) {
        opened.close();
      }
    }
  }
}
