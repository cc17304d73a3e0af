package io.gantry.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gantry.linux.Fd;
import io.gantry.linux.Libc;
import io.gantry.testkit.Root;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WriteBehindTest {

  private static final int PIECE = 1 << 20;
  private static final long LIMIT = 16L << 20;

  @TempDir Path folder;

  private static void write(FileChannel channel, WriteBehind behind, int pieces)
      throws IOException {
    byte[] data = new byte[PIECE];
    java.util.Arrays.fill(data, (byte) 1);
    for (int i = 0; i < pieces; i++) {
      channel.write(ByteBuffer.wrap(data), (long) i * PIECE);
      behind.written((long) i * PIECE, PIECE);
    }
  }

  @Test
  void dropsWhatIsOnDisk() throws IOException {
    assumeTrue(Libc.isAvailable(), "needs Linux");
    assumeTrue(Root.isInstalled("fincore"), "needs fincore");
    assumeTrue(
        !DirtyLimit.ofFile(folder).equals(DirtyLimit.NONE), "needs a folder that is on a disk");
    Path path = folder.resolve("file");
    try (FileChannel channel =
            FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        Fd fd = Libc.open(path, Libc.O_RDWR)) {
      WriteBehind behind = new WriteBehind(() -> fd, () -> new DirtyLimit(LIMIT));
      write(channel, behind, 100);
      long cached =
          Long.parseLong(
              Root.run("fincore", "--bytes", "--noheadings", "--output", "RES", path.toString()));
      assertThat(cached).isLessThan(LIMIT + 8 * PIECE);
      behind.finish();
    }
  }

  @Test
  void tellsTheWriterWhenTheWriteOutFails() throws IOException {
    Path path = folder.resolve("file");
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      WriteBehind behind =
          new WriteBehind(
              () -> {
                throw new IOException("input/output error");
              },
              () -> new DirtyLimit(LIMIT));
      assertThatThrownBy(() -> write(channel, behind, 10_000)).hasMessage("input/output error");
      assertThatThrownBy(behind::finish).hasMessage("input/output error");
    }
  }

  @Test
  void startsNoThreadForASmallDisk() throws IOException {
    Path path = Files.createFile(folder.resolve("file"));
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      WriteBehind behind =
          new WriteBehind(
              () -> {
                throw new AssertionError("descriptor asked for");
              },
              () -> {
                throw new AssertionError("limit asked for");
              });
      write(channel, behind, 3);
      behind.finish();
    }
  }

  @Test
  void holdsUpTheWriterUntilThereIsRoomAndTellsALateFailureWhenStopped() throws Exception {
    CountDownLatch atDisk = new CountDownLatch(1);
    CountDownLatch disk = new CountDownLatch(1);
    WriteBehind behind =
        new WriteBehind(
            () -> {
              atDisk.countDown();
              awaitQuietly(disk);
              throw new IOException("input/output error");
            },
            () -> new DirtyLimit(LIMIT));
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    for (int i = 0; i < 1000; i++) {
                      behind.written((long) i * PIECE, PIECE);
                    }
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                });
    atDisk.await();
    while (writer.getState() != Thread.State.WAITING) {
      Thread.sleep(1);
    }
    behind.stop();
    writer.join();
    disk.countDown();
    assertThatThrownBy(behind::finish).hasMessage("input/output error");
  }

  private static void awaitQuietly(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void leavesAFileInMemoryAlone() throws IOException {
    assumeTrue(Files.isWritable(Path.of("/dev/shm")), "needs /dev/shm");
    assertThat(DirtyLimit.ofFile(Path.of("/dev/shm"))).isEqualTo(DirtyLimit.NONE);
    WriteBehind behind =
        new WriteBehind(
            () -> {
              throw new AssertionError("descriptor asked for");
            },
            () -> DirtyLimit.NONE);
    for (int i = 0; i < 1000; i++) {
      behind.written((long) i * PIECE, PIECE);
    }
    behind.finish();
  }
}
