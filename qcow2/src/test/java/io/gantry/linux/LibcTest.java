package io.gantry.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibcTest {

  @TempDir Path folder;

  @BeforeEach
  void needsLinux() {
    assumeTrue(Libc.isAvailable(), "needs Linux on x86-64 or arm64");
  }

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("file"), content);
  }

  @Test
  void saysWhichCallFailedWithWhatOnWhatPath() {
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> Libc.open(missing, Libc.O_RDWR))
        .isInstanceOfSatisfying(
            ErrnoException.class,
            e -> {
              assertThat(e.call()).isEqualTo("open");
              assertThat(e.errno()).isEqualTo(Errno.ENOENT);
              assertThat(e.path()).isEqualTo(missing);
            })
        .hasMessage("open " + missing + ": no such file or directory");
  }

  @Test
  void answersEnosysForAFunctionThatIsMissing() {
    NativeFunction function = NativeFunction.of("gantry_has_no_such_function", JAVA_INT, JAVA_INT);
    assertThatThrownBy(() -> function.call(folder, (_, _, _) -> 0))
        .isInstanceOfSatisfying(
            ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOSYS))
        .hasMessageContaining("function not implemented");
  }

  @Test
  void writesAndReadsAtPositions() throws IOException {
    try (Fd fd = Libc.open(file("0123456789"), Libc.O_RDWR | Libc.O_CLOEXEC)) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(4).put(new byte[] {'a', 'b', 'c', 'd'});
      assertThat(Libc.pwrite(fd, buffer.position(1).limit(3), 5)).isEqualTo(2);
      assertThat(buffer.position()).isEqualTo(3);
      assertThat(folder.resolve("file")).hasContent("01234bc789");
      ByteBuffer read = ByteBuffer.allocateDirect(8);
      assertThat(Libc.pread(fd, read, 6)).isEqualTo(4);
      assertThat(read.position()).isEqualTo(4);
      assertThat(Libc.pread(fd, read, 10)).isZero();
    }
  }

  @Test
  void refusesHeapBuffers() throws IOException {
    try (Fd fd = Libc.open(file("x"), Libc.O_RDWR)) {
      assertThatThrownBy(() -> Libc.pwrite(fd, ByteBuffer.allocate(1), 0))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void describesAnOpenFileLikeStat() throws IOException {
    Path path = file("0123456789");
    try (Fd fd = Libc.open(path, Libc.O_RDONLY)) {
      Statx statx = Libc.statx(fd);
      assertThat(statx.inode()).isEqualTo(Files.getAttribute(path, "unix:ino"));
      assertThat(statx.blockSize()).isPositive();
      Libc.fsync(fd);
      Libc.fdatasync(fd);
      assertThat(Libc.statx(fd).allocatedBytes()).isNotNegative();
    }
  }

  @Test
  void returnsTheErrorThatFadviseReturnsInsteadOfErrno() throws IOException {
    try (Fd fd = Libc.open(file("x"), Libc.O_RDONLY)) {
      Libc.posixFadvise(fd, 0, 0, Libc.POSIX_FADV_DONTNEED);
      assertThatThrownBy(() -> Libc.posixFadvise(fd, 0, 0, 4711))
          .isInstanceOfSatisfying(
              ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL));
    }
  }

  @Test
  void saysThatAFileHasNoSectors() throws IOException {
    try (Fd fd = Libc.open(file("x"), Libc.O_RDONLY)) {
      assertThatThrownBy(() -> Libc.blkSszGet(fd))
          .isInstanceOfSatisfying(
              ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOTTY))
          .hasMessageStartingWith("ioctl BLKSSZGET ");
    }
  }

  @Test
  void namesFilesByTheirBytesInAnOpenDirectory() throws IOException {
    byte[] name = {(byte) 0xff, '\n'};
    byte[] link = {'l'};
    try (Fd directory = Libc.open(folder, Libc.O_RDONLY | Libc.O_DIRECTORY)) {
      int flags = Libc.O_WRONLY | Libc.O_CREAT | Libc.O_EXCL | Libc.O_NOFOLLOW | Libc.O_CLOEXEC;
      Instant time = Instant.ofEpochSecond(-3, 4);
      try (Fd file = Libc.openat(directory, name, flags, 0600)) {
        Libc.ftruncate(file, 10);
        Libc.fchmod(file, 04711);
        Libc.futimens(file, time);
        assertThat(Libc.statx(file).mode() & 07777).isEqualTo(04711);
      }
      Libc.linkat(directory, name, directory, link);
      assertThat(Libc.statx(directory, link).isSameFile(Libc.statx(directory, name))).isTrue();
      assertThat(folder.resolve("l")).hasSize(10);
      assertThat(Files.getLastModifiedTime(folder.resolve("l")).toInstant()).isEqualTo(time);
      Libc.unlinkat(directory, link, 0);
      Libc.symlinkat(name, directory, link);
      Libc.utimensat(directory, link, time);
      assertThat(Libc.statx(directory, link).isSymbolicLink()).isTrue();
      assertThatThrownBy(() -> Libc.fchmodat(directory, link, 0777))
          .isInstanceOf(ErrnoException.class);
      assertThatThrownBy(() -> Libc.openat(directory, link, Libc.O_NOFOLLOW, 0))
          .isInstanceOfSatisfying(
              ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ELOOP));
      Libc.unlinkat(directory, link, 0);
      Libc.mkdirat(directory, link, 0);
      Libc.fchmodat(directory, link, 0750);
      assertThat(Libc.statx(directory, link).mode() & 07777).isEqualTo(0750);
      assertThat(Libc.statx(directory, link).isDirectory()).isTrue();
      Libc.unlinkat(directory, link, Libc.AT_REMOVEDIR);
      Libc.mkfifoat(directory, link, 0600);
      Libc.syncfs(directory);
    }
    assertThat(Files.getAttribute(folder.resolve("l"), "unix:mode")).isEqualTo(0010600);
  }

  @Test
  void callsNothingOnAClosedDescriptor() throws IOException {
    Fd fd = Libc.open(file("x"), Libc.O_RDONLY);
    fd.close();
    fd.close();
    assertThatThrownBy(() -> Libc.fsync(fd)).isInstanceOf(ClosedChannelException.class);
  }

  @Test
  void keepsTheNumberOpenUntilTheLastCallIsBack() throws IOException {
    Fd fd = Libc.open(file("x"), Libc.O_RDONLY);
    Path link = Path.of("/proc/self/fd/" + fd.hold());
    fd.close();
    assertThat(link).exists();
    assertThatThrownBy(fd::hold).isInstanceOf(ClosedChannelException.class);
    fd.release();
    assertThat(link).doesNotExist();
  }
}
