package io.gantry.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.image.ImageException;
import io.gantry.image.Limits;
import io.gantry.io.FileInput;
import io.gantry.io.RandomAccessInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class XzBlocksTest {

  private static final byte[] DISK = TestData.diskLike(1_000_001, 1);
  private static final byte[] PADDING = new byte[12];

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-T2 -1 --block-size=100000",
        "-T1 -1 --block-size=100000 -C sha256",
        "-T2 -1 --block-size=3001 -C none",
        "-T2 --block-list=1,4096,800000,70000 --x86 --lzma2"
      })
  void decodesTheBlocksInAnyOrder(String options) throws IOException {
    byte[] stream = Tool.XZ.run(DISK, (options + " -c").split(" ", -1));
    assertThat(decode(stream, 1)).isEqualTo(DISK);
    assertThat(decode(stream, 3)).isEqualTo(DISK);
  }

  @Test
  void findsTheBlocksOfSeveralStreams() throws IOException {
    byte[] blocks = Tool.XZ.run(DISK, "-c", "-1", "-T1", "--block-size=100000");
    byte[] single = Tool.XZ.run(DISK, "-c", "-1", "-C", "sha256");
    byte[] empty = Tool.XZ.run(new byte[0], "-c");
    byte[] all = Tool.concat(empty, blocks, PADDING, single, empty, single, PADDING);
    assertThat(decode(all, 2)).isEqualTo(Tool.concat(DISK, DISK, DISK));
  }

  @Test
  void hasNothingToGainFromASingleBlock() throws IOException {
    assertThat(read(Tool.XZ.run(DISK, "-c"))).isEmpty();
    assertThat(read(Tool.XZ.run(new byte[0], "-c"))).isEmpty();
  }

  @Test
  void refusesEveryCut() throws IOException {
    byte[] stream = small();
    for (int length = 1; length < stream.length; length++) {
      byte[] cut = Arrays.copyOf(stream, length);
      assertThatThrownBy(() -> decode(cut, 2))
          .as("cut to %d of %d bytes", length, stream.length)
          .isInstanceOf(ImageException.class)
          .hasMessageContaining("compressed offset");
    }
  }

  @Test
  void refusesEveryFlippedBit() throws IOException {
    byte[] stream = small();
    for (int bit = 0; bit < stream.length * 8; bit++) {
      byte[] flipped = stream.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> decode(flipped, 2))
          .as("bit %d", bit)
          .isInstanceOf(ImageException.class);
    }
  }

  @Test
  void throwsAFailureOfTheSink() throws IOException {
    byte[] stream = Tool.XZ.run(DISK, "-c", "-1", "-T1", "--block-size=10000");
    IOException failure = new IOException("no space left on device");
    try (RandomAccessInput input = input(stream)) {
      XzBlocks blocks = XzBlocks.read(input, Limits.DEFAULT).orElseThrow();
      PositionedSink sink =
          (offset, _) -> {
            if (offset >= 500_000) {
              throw failure;
            }
          };
      assertThatThrownBy(() -> blocks.decode(2, sink)).isSameAs(failure);
    }
  }

  private static byte[] small() {
    byte[] data = TestData.diskLike(900, 2);
    return Tool.XZ.run(data, "-c", "-T1", "--block-size=400", "--lzma2=dict=4KiB");
  }

  private Optional<XzBlocks> read(byte[] stream) throws IOException {
    try (RandomAccessInput input = input(stream)) {
      return XzBlocks.read(input, Limits.DEFAULT);
    }
  }

  private byte[] decode(byte[] stream, int threads) throws IOException {
    try (RandomAccessInput input = input(stream)) {
      XzBlocks blocks = XzBlocks.read(input, Limits.DEFAULT).orElseThrow();
      CollectingSink sink = new CollectingSink(3 * DISK.length);
      blocks.decode(threads, sink);
      return sink.content(blocks.length());
    }
  }

  private RandomAccessInput input(byte[] stream) throws IOException {
    Path file = directory.resolve("disk.xz");
    Files.write(file, stream);
    return FileInput.open(file);
  }
}
