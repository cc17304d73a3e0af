package io.gantry.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.image.Limits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class XzMemoryTest {

  private static final int LENGTH = 32_000_000;

  @Test
  void sharesWhatThereIs() {
    XzMemory all = XzMemory.of(80 << 20);
    assertThat(all.total()).isBetween((80L << 20) - 40, 80L << 20);
    assertThat(all.decoderBytes()).isGreaterThan(4 * ((8 << 20) + (128 << 10)));
    assertThat(all.chunkBytes()).isGreaterThan(24 << 20);
    assertThat(all.pieceBytes()).isGreaterThanOrEqualTo((12 << 20) - 20);
  }

  @Test
  void letsADecoderThatNeedsMoreThanThereIsRunAlone() throws InterruptedException {
    XzMemory.Decoders decoders = new XzMemory.Decoders(1 << 20);
    int share = decoders.acquire(64 << 20);
    Thread other = Thread.ofPlatform().start(() -> acquireAndRelease(decoders));
    other.join(50);
    assertThat(other.isAlive()).isTrue();
    decoders.release(share);
    other.join();
  }

  private static void acquireAndRelease(XzMemory.Decoders decoders) {
    try {
      decoders.release(decoders.acquire(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Two decoders, their blocks and pieces would take more; they make do with what is there. */
  @ParameterizedTest
  @ValueSource(strings = {"in-order", "scattered"})
  void decodesInASmallHeap(String how, @TempDir Path directory) throws Exception {
    assertDecodes(how, "-Xmx40m", "--block-size=9MiB", "--lzma2=preset=0,dict=8MiB", directory);
  }

  /** A dictionary larger than what two decoders share is used by one of them, block after block. */
  @ParameterizedTest
  @ValueSource(strings = {"in-order", "scattered"})
  void decodesLargeDictionariesOneAtATime(String how, @TempDir Path directory) throws Exception {
    assertDecodes(how, "-Xmx48m", "--block-size=15MiB", "--lzma2=preset=0,dict=24MiB", directory);
  }

  private static void assertDecodes(
      String how, String heap, String blockSize, String filter, Path directory) throws Exception {
    byte[] noise = TestData.diskLike(LENGTH / 4, 3);
    Path file = directory.resolve("disk.xz");
    byte[] disk = Tool.concat(noise, new byte[LENGTH / 4], noise, new byte[LENGTH / 4]);
    Files.write(file, Tool.XZ.run(disk, "-c", "-T2", blockSize, filter));
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                heap,
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                SmallHeap.class.getName(),
                file.toString(),
                how)
            .redirectErrorStream(true)
            .start();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(child.waitFor()).as(said).isZero();
    assertThat(said.strip()).isEqualTo("" + disk.length);
  }

  /** What the child runs. */
  static final class SmallHeap {

    private SmallHeap() {}

    public static void main(String[] args) throws IOException {
      try (FileChannel in = FileChannel.open(Path.of(args[0]))) {
        Unwrapped unwrapped = Unwrapped.open(in, args[0], Limits.DEFAULT, 2);
        System.out.println(args[1].equals("scattered") ? scatter(unwrapped) : read(unwrapped));
      }
    }

    private static long scatter(Unwrapped unwrapped) throws IOException {
      LongAdder accepted = new LongAdder();
      long length = unwrapped.scatter((_, data) -> accepted.add(data.remaining()));
      return accepted.sum() == length ? length : -1;
    }

    private static long read(Unwrapped unwrapped) throws IOException {
      ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
      long total = 0;
      while (unwrapped.channel().read(buffer.clear()) >= 0) {
        total += buffer.position();
      }
      return total;
    }
  }
}
