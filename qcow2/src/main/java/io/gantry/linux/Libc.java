package io.gantry.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;

/**
 * The system calls that java.nio has no words for, each named like its man page; constants keep
 * their header names. Every call may block and may be made from any thread. Buffers are direct
 * ones; their position is moved by what was transferred, as channels do it.
 */
public final class Libc {

  public static final int O_RDONLY = 0;
  public static final int O_WRONLY = 1;
  public static final int O_RDWR = 2;
  public static final int O_CREAT = 0100;
  public static final int O_EXCL = 0200;
  public static final int O_NONBLOCK = 04000;
  public static final int O_CLOEXEC = 02000000;
  public static final int O_PATH = 010000000;

  /** arm64 has its own numbers for a handful of flags (arch/arm64/include/uapi/asm/fcntl.h). */
  public static final int O_DIRECT = isArm64() ? 0200000 : 040000;

  public static final int O_DIRECTORY = isArm64() ? 040000 : 0200000;
  public static final int O_NOFOLLOW = isArm64() ? 0100000 : 0400000;

  public static final int AT_REMOVEDIR = 0x200;

  public static final int SEEK_DATA = 3;
  public static final int SEEK_HOLE = 4;

  public static final int FALLOC_FL_KEEP_SIZE = 0x01;
  public static final int FALLOC_FL_PUNCH_HOLE = 0x02;
  public static final int FALLOC_FL_ZERO_RANGE = 0x10;

  public static final int SYNC_FILE_RANGE_WAIT_BEFORE = 1;
  public static final int SYNC_FILE_RANGE_WRITE = 2;
  public static final int SYNC_FILE_RANGE_WAIT_AFTER = 4;

  public static final int POSIX_FADV_DONTNEED = 4;

  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int AT_FDCWD = -100;

  /** In the nanoseconds of a {@code struct timespec}: the time of the call. */
  private static final long UTIME_NOW = (1L << 30) - 1;

  private static final long BLKROGET = 0x125E;
  private static final long BLKSSZGET = 0x1268;
  private static final long BLKZEROOUT = 0x127F;
  private static final long BLKGETSIZE64 = 0x80081272L;

  private static final NativeFunction OPEN =
      NativeFunction.variadic(2, "open", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final NativeFunction OPENAT =
      NativeFunction.variadic(3, "openat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final NativeFunction CLOSE = NativeFunction.of("close", JAVA_INT, JAVA_INT);
  private static final NativeFunction PREAD =
      NativeFunction.of("pread64", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
  private static final NativeFunction PWRITE =
      NativeFunction.of("pwrite64", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
  private static final NativeFunction LSEEK =
      NativeFunction.of("lseek64", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
  private static final NativeFunction FSYNC = NativeFunction.of("fsync", JAVA_INT, JAVA_INT);
  private static final NativeFunction FDATASYNC =
      NativeFunction.of("fdatasync", JAVA_INT, JAVA_INT);
  private static final NativeFunction SYNCFS = NativeFunction.of("syncfs", JAVA_INT, JAVA_INT);
  private static final NativeFunction FTRUNCATE =
      NativeFunction.of("ftruncate64", JAVA_INT, JAVA_INT, JAVA_LONG);
  private static final NativeFunction FCHMOD =
      NativeFunction.of("fchmod", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final NativeFunction FCHMODAT =
      NativeFunction.of("fchmodat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final NativeFunction FUTIMENS =
      NativeFunction.of("futimens", JAVA_INT, JAVA_INT, ADDRESS);
  private static final NativeFunction UTIMENSAT =
      NativeFunction.of("utimensat", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
  private static final NativeFunction MKDIRAT =
      NativeFunction.of("mkdirat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final NativeFunction MKFIFOAT =
      NativeFunction.of("mkfifoat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final NativeFunction SYMLINKAT =
      NativeFunction.of("symlinkat", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
  private static final NativeFunction LINKAT =
      NativeFunction.of("linkat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
  private static final NativeFunction UNLINKAT =
      NativeFunction.of("unlinkat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final NativeFunction FALLOCATE =
      NativeFunction.of("fallocate64", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final NativeFunction SYNC_FILE_RANGE =
      NativeFunction.of("sync_file_range", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final NativeFunction POSIX_FADVISE =
      NativeFunction.of("posix_fadvise64", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final NativeFunction STATX =
      NativeFunction.of("statx", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
  private static final NativeFunction IOCTL =
      NativeFunction.variadic(2, "ioctl", JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);

  private Libc() {}

  /** Says whether these calls can be made at all: 64-bit Linux whose numbers we know. */
  public static boolean isAvailable() {
    return System.getProperty("os.name").equals("Linux")
        && Set.of("amd64", "aarch64").contains(System.getProperty("os.arch"));
  }

  private static boolean isArm64() {
    return System.getProperty("os.arch").equals("aarch64");
  }

  /** open(2), of what exists. */
  public static Fd open(Path path, int flags) throws IOException {
    long fd =
        OPEN.call(
            path,
            (handle, state, arena) ->
                (int) handle.invokeExact(state, arena.allocateFrom(path.toString()), flags, 0));
    return new Fd((int) fd, path);
  }

  /**
   * openat(2). The name is the bytes themselves: a file name need not be text in any charset. The
   * new descriptor shows the path of {@code directory}.
   */
  public static Fd openat(Fd directory, byte[] name, int flags, int mode) throws IOException {
    long fd =
        OPENAT.call(
            directory,
            (handle, state, number, arena) ->
                (int) handle.invokeExact(state, number, cString(arena, name), flags, mode));
    return new Fd((int) fd, directory.path());
  }

  /** mkdirat(2). */
  public static void mkdirat(Fd directory, byte[] name, int mode) throws IOException {
    MKDIRAT.call(
        directory,
        (handle, state, number, arena) ->
            (int) handle.invokeExact(state, number, cString(arena, name), mode));
  }

  /** mkfifoat(3). */
  public static void mkfifoat(Fd directory, byte[] name, int mode) throws IOException {
    MKFIFOAT.call(
        directory,
        (handle, state, number, arena) ->
            (int) handle.invokeExact(state, number, cString(arena, name), mode));
  }

  /** symlinkat(2). */
  public static void symlinkat(byte[] target, Fd directory, byte[] name) throws IOException {
    SYMLINKAT.call(
        directory,
        (handle, state, number, arena) ->
            (int) handle.invokeExact(state, cString(arena, target), number, cString(arena, name)));
  }

  /** linkat(2) without flags: a link to a symbolic link is one to the link itself. */
  public static void linkat(Fd oldDirectory, byte[] oldName, Fd newDirectory, byte[] newName)
      throws IOException {
    int oldNumber = oldDirectory.hold();
    try {
      LINKAT.call(
          newDirectory,
          (handle, state, number, arena) ->
              (int)
                  handle.invokeExact(
                      state,
                      oldNumber,
                      cString(arena, oldName),
                      number,
                      cString(arena, newName),
                      0));
    } finally {
      oldDirectory.release();
    }
  }

  /** unlinkat(2); with {@code AT_REMOVEDIR} it removes an empty directory. */
  public static void unlinkat(Fd directory, byte[] name, int flags) throws IOException {
    UNLINKAT.call(
        directory,
        (handle, state, number, arena) ->
            (int) handle.invokeExact(state, number, cString(arena, name), flags));
  }

  private static MemorySegment cString(Arena arena, byte[] bytes) {
    MemorySegment string = arena.allocate(bytes.length + 1L);
    MemorySegment.copy(bytes, 0, string, JAVA_BYTE, 0, bytes.length);
    return string;
  }

  /** close(2). On Linux the number is free even after EINTR, so it must not be closed again. */
  static void close(int fd, Path path) throws IOException {
    CLOSE.call(
        path,
        (handle, state, _) -> {
          int result = (int) handle.invokeExact(state, fd);
          return result < 0 && NativeFunction.errno(state) == Errno.EINTR ? 0 : result;
        });
  }

  /** pread(2): returns the bytes read, 0 at the end of the file. */
  public static int pread(Fd fd, ByteBuffer dst, long offset) throws IOException {
    MemorySegment memory = direct(dst);
    int count =
        (int)
            PREAD.call(
                fd,
                (handle, state, number, _) ->
                    (long) handle.invokeExact(state, number, memory, memory.byteSize(), offset));
    dst.position(dst.position() + count);
    return count;
  }

  /** pwrite(2): returns the bytes written, which may be fewer than there are. */
  public static int pwrite(Fd fd, ByteBuffer src, long offset) throws IOException {
    MemorySegment memory = direct(src);
    int count =
        (int)
            PWRITE.call(
                fd,
                (handle, state, number, _) ->
                    (long) handle.invokeExact(state, number, memory, memory.byteSize(), offset));
    src.position(src.position() + count);
    return count;
  }

  private static MemorySegment direct(ByteBuffer buffer) {
    if (!buffer.isDirect()) {
      throw new IllegalArgumentException("a heap buffer moves while the kernel looks at it");
    }
    return MemorySegment.ofBuffer(buffer);
  }

  /** lseek(2); with {@code SEEK_DATA} and {@code SEEK_HOLE} it finds the next of its kind. */
  public static long lseek(Fd fd, long offset, int whence) throws IOException {
    return LSEEK.call(
        fd, (handle, state, number, _) -> (long) handle.invokeExact(state, number, offset, whence));
  }

  /** fsync(2). */
  public static void fsync(Fd fd) throws IOException {
    FSYNC.call(fd, (handle, state, number, _) -> (int) handle.invokeExact(state, number));
  }

  /** fdatasync(2). */
  public static void fdatasync(Fd fd) throws IOException {
    FDATASYNC.call(fd, (handle, state, number, _) -> (int) handle.invokeExact(state, number));
  }

  /** syncfs(2): all that is dirty on the file system that holds the open file. */
  public static void syncfs(Fd fd) throws IOException {
    SYNCFS.call(fd, (handle, state, number, _) -> (int) handle.invokeExact(state, number));
  }

  /** ftruncate(2). */
  public static void ftruncate(Fd fd, long length) throws IOException {
    FTRUNCATE.call(
        fd, (handle, state, number, _) -> (int) handle.invokeExact(state, number, length));
  }

  /** fchmod(2). */
  public static void fchmod(Fd fd, int mode) throws IOException {
    FCHMOD.call(fd, (handle, state, number, _) -> (int) handle.invokeExact(state, number, mode));
  }

  /**
   * fchmodat(2) of a name that is no symbolic link; of one it answers EOPNOTSUPP. The C library
   * goes through {@code /proc} for that where the kernel has no fchmodat2(2); before glibc 2.32 it
   * always answers so.
   */
  public static void fchmodat(Fd directory, byte[] name, int mode) throws IOException {
    FCHMODAT.call(
        directory,
        (handle, state, number, arena) ->
            (int)
                handle.invokeExact(state, number, cString(arena, name), mode, AT_SYMLINK_NOFOLLOW));
  }

  /** futimens(3): modified then, accessed now. */
  public static void futimens(Fd fd, Instant modified) throws IOException {
    FUTIMENS.call(
        fd,
        (handle, state, number, arena) ->
            (int) handle.invokeExact(state, number, times(arena, modified)));
  }

  /** utimensat(2) of a name, a symbolic link not followed: modified then, accessed now. */
  public static void utimensat(Fd directory, byte[] name, Instant modified) throws IOException {
    UTIMENSAT.call(
        directory,
        (handle, state, number, arena) ->
            (int)
                handle.invokeExact(
                    state,
                    number,
                    cString(arena, name),
                    times(arena, modified),
                    AT_SYMLINK_NOFOLLOW));
  }

  /** Two of {@code struct timespec}: the last access and the last modification. */
  private static MemorySegment times(Arena arena, Instant modified) {
    return arena.allocateFrom(
        JAVA_LONG, 0, UTIME_NOW, modified.getEpochSecond(), modified.getNano());
  }

  /** fallocate(2). */
  public static void fallocate(Fd fd, int mode, long offset, long length) throws IOException {
    FALLOCATE.call(
        fd,
        (handle, state, number, _) ->
            (int) handle.invokeExact(state, number, mode, offset, length));
  }

  /** sync_file_range(2). */
  public static void syncFileRange(Fd fd, long offset, long length, int flags) throws IOException {
    SYNC_FILE_RANGE.call(
        fd,
        (handle, state, number, _) ->
            (int) handle.invokeExact(state, number, offset, length, flags));
  }

  /** posix_fadvise(2), which returns its error number rather than setting errno. */
  public static void posixFadvise(Fd fd, long offset, long length, int advice) throws IOException {
    long error =
        POSIX_FADVISE.call(
            fd,
            (handle, state, number, _) ->
                (int) handle.invokeExact(state, number, offset, length, advice));
    if (error != 0) {
      throw new ErrnoException("posix_fadvise", (int) error, fd.path());
    }
  }

  /** statx(2) of an open file. */
  public static Statx statx(Fd fd) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment noName = arena.allocateFrom("");
      MemorySegment result = arena.allocate(Statx.BYTES, Long.BYTES);
      int mask = Statx.STATX_BASIC_STATS | Statx.STATX_DIOALIGN;
      STATX.call(
          fd,
          (handle, state, number, _) ->
              (int) handle.invokeExact(state, number, noName, AT_EMPTY_PATH, mask, result));
      return Statx.decode(result);
    }
  }

  /** statx(2) of the file that a path names, links followed; it need not be readable. */
  public static Statx statx(Path path) throws IOException {
    try (Arena memory = Arena.ofConfined()) {
      MemorySegment name = memory.allocateFrom(path.toString());
      MemorySegment result = memory.allocate(Statx.BYTES, Long.BYTES);
      STATX.call(
          path,
          (handle, state, _) ->
              (int) handle.invokeExact(state, AT_FDCWD, name, 0, Statx.STATX_BASIC_STATS, result));
      return Statx.decode(result);
    }
  }

  /** statx(2) of a name in an open directory, a symbolic link not followed. */
  public static Statx statx(Fd directory, byte[] name) throws IOException {
    try (Arena memory = Arena.ofConfined()) {
      MemorySegment result = memory.allocate(Statx.BYTES, Long.BYTES);
      STATX.call(
          directory,
          (handle, state, number, arena) ->
              (int)
                  handle.invokeExact(
                      state,
                      number,
                      cString(arena, name),
                      AT_SYMLINK_NOFOLLOW,
                      Statx.STATX_BASIC_STATS,
                      result));
      return Statx.decode(result);
    }
  }

  /** ioctl(2) BLKGETSIZE64: the bytes of a block device. */
  public static long blkGetSize64(Fd fd) throws IOException {
    return ioctlGet("ioctl BLKGETSIZE64", fd, BLKGETSIZE64, JAVA_LONG);
  }

  /** ioctl(2) BLKSSZGET: the logical sector of a block device, the smallest piece it takes. */
  public static int blkSszGet(Fd fd) throws IOException {
    return (int) ioctlGet("ioctl BLKSSZGET", fd, BLKSSZGET, JAVA_INT);
  }

  /** ioctl(2) BLKROGET: whether a block device is read-only. */
  public static boolean blkRoGet(Fd fd) throws IOException {
    return ioctlGet("ioctl BLKROGET", fd, BLKROGET, JAVA_INT) != 0;
  }

  /** The number that an ioctl hands back in an {@code int} or a {@code u64}; none is negative. */
  private static long ioctlGet(String name, Fd fd, long request, ValueLayout layout)
      throws IOException {
    return IOCTL.call(
        name,
        fd,
        (handle, state, number, arena) -> {
          MemorySegment value = arena.allocate(Long.BYTES, Long.BYTES);
          int status = (int) handle.invokeExact(state, number, request, value);
          long read =
              layout.byteSize() == Long.BYTES ? value.get(JAVA_LONG, 0) : value.get(JAVA_INT, 0);
          return status < 0 ? status : read;
        });
  }

  /** ioctl(2) BLKZEROOUT: zeroes without unmapping; the kernel writes where the device cannot. */
  public static void blkZeroOut(Fd fd, long offset, long length) throws IOException {
    IOCTL.call(
        "ioctl BLKZEROOUT",
        fd,
        (handle, state, number, arena) -> {
          MemorySegment range = arena.allocateFrom(JAVA_LONG, offset, length);
          return (int) handle.invokeExact(state, number, BLKZEROOUT, range);
        });
  }
}
