package io.gantry.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.image.ImageException;
import io.gantry.image.ImageTooLargeException;
import io.gantry.image.Limits;
import io.gantry.image.MalformedImageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZstdChannelTest {

  private static final byte[] SKIPPABLE = HexFormat.of().parseHex("5a2a4d180300000061ff62");

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 511, 4096, 131_072, 131_073, 3_000_001})
  void decodesEverySize(int size) throws IOException {
    byte[] data = TestData.diskLike(size, size);
    assertThat(decode(Tool.ZSTD.run(data, "-c"))).isEqualTo(data);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-1", "-19", "--no-check", "--long=27", "--long=29", "-T2", "--ultra -22"})
  void decodesWhatEveryOptionWrites(String options) throws IOException {
    byte[] data = TestData.diskLike(2_000_003, 5);
    assertThat(decode(Tool.ZSTD.run(data, (options + " -c").split(" ", -1)))).isEqualTo(data);
  }

  @Test
  void decodesFramesOneAfterTheOtherWithSkippableOnesAround() throws IOException {
    byte[] data = TestData.diskLike(40_000, 6);
    byte[] frame = Tool.ZSTD.run(data, "-c");
    byte[] empty = Tool.ZSTD.run(new byte[0], "-c");
    byte[] stream = Tool.concat(SKIPPABLE, frame, SKIPPABLE, empty, frame, SKIPPABLE);
    assertThat(Compression.detect(ByteBuffer.wrap(stream))).contains(Compression.ZSTD);
    assertThat(decode(stream)).isEqualTo(Tool.concat(data, data));
  }

  @Test
  void decodesPzstd() throws IOException {
    byte[] data = TestData.diskLike(5_000_000, 7);
    byte[] stream = Tool.PZSTD.run(data, "-c");
    assertThat(Compression.detect(ByteBuffer.wrap(stream))).contains(Compression.ZSTD);
    assertThat(decode(stream)).isEqualTo(data);
  }

  @Test
  void fillsDirectBuffersAndTakesInputInSmallPieces() throws IOException {
    byte[] data = TestData.diskLike(700_000, 8);
    byte[] stream = Tool.ZSTD.run(data, "-c");
    ReadableByteChannel in = TestData.dribbling(stream, 8);
    ByteBuffer dst = ByteBuffer.allocateDirect(data.length + 1);
    try (ZstdChannel channel = new ZstdChannel(in, "disk.zst", Limits.DEFAULT)) {
      while (channel.read(dst) >= 0) {}
    }
    byte[] decoded = new byte[dst.flip().remaining()];
    dst.get(decoded);
    assertThat(decoded).isEqualTo(data);
  }

  @Test
  void losesNothingBetweenHeapAndDirectBuffers() throws IOException {
    byte[] data = TestData.diskLike(700_000, 9);
    byte[] stream = Tool.ZSTD.run(data, "-c");
    ByteBuffer decoded = ByteBuffer.allocate(data.length);
    ByteBuffer heap = ByteBuffer.allocate(4096);
    ByteBuffer direct = ByteBuffer.allocateDirect(100_000);
    try (ZstdChannel channel =
        new ZstdChannel(TestData.dribbling(stream, 9), "disk.zst", Limits.DEFAULT)) {
      for (ByteBuffer dst = heap;
          channel.read(dst.clear()) >= 0;
          dst = dst.isDirect() ? heap : direct) {
        decoded.put(dst.flip());
      }
    }
    assertThat(decoded.array()).isEqualTo(data);
    assertThat(decoded.hasRemaining()).isFalse();
  }

  @Test
  void refusesEveryCut() {
    byte[] frame = Tool.ZSTD.run(TestData.diskLike(3_000, 9), "-c");
    byte[] stream = Tool.concat(frame, SKIPPABLE, frame);
    for (int length = 1; length < stream.length; length++) {
      byte[] cut = Arrays.copyOf(stream, length);
      if (length == frame.length || length == frame.length + SKIPPABLE.length) {
        continue; // a whole stream of its own
      }
      assertThatThrownBy(() -> decode(cut))
          .as("cut to %d of %d bytes", length, stream.length)
          .isInstanceOf(MalformedImageException.class)
          .hasMessageStartingWith("disk.zst: zst: ")
          .hasMessageContaining("compressed offset");
    }
  }

  @Test
  void neverReportsOtherBytesAfterAFlippedBit() throws IOException {
    byte[] data = TestData.diskLike(2_000, 10);
    byte[] stream = Tool.ZSTD.run(data, "-c", "--check");
    for (int bit = 0; bit < stream.length * 8; bit++) {
      byte[] flipped = stream.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        assertThat(decode(flipped)).as("bit %d", bit).isIn(data, new byte[0]);
      } catch (ImageException e) {
        assertThat(e).hasMessageStartingWith("disk.zst: zst: ");
      }
    }
  }

  @Test
  void refusesWhatFollowsTheLastFrame() {
    byte[] frame = Tool.ZSTD.run(TestData.diskLike(3_000, 11), "-c");
    byte[] padded = Arrays.copyOf(frame, frame.length + 512);
    assertThatThrownBy(() -> decode(padded)).isInstanceOf(MalformedImageException.class);
  }

  @Test
  void refusesFramesOfVersionsBeforeTheFormatWasFixed() {
    byte[] version07 = HexFormat.of().parseHex("27b52ffd00000000000000000000");
    assertThatThrownBy(() -> decode(version07)).isInstanceOf(MalformedImageException.class);
  }

  @Test
  void refusesAWindowOverTheLimitBeforeAllocatingIt() {
    // Magic, no flags, window descriptor exponent 20: 2^30 bytes; RFC 8878 section 3.1.1.1.2.
    byte[] window1GiB = HexFormat.of().parseHex("28b52ffd00a0010000");
    assertThatThrownBy(() -> decode(window1GiB))
        .isInstanceOf(ImageTooLargeException.class)
        .hasMessageContaining("536870912");
  }

  @Test
  void passesFailuresOfTheInputUnchanged() {
    IOException failure = new IOException("connection reset");
    byte[] stream = Tool.ZSTD.run(TestData.diskLike(300_000, 12), "-c");
    ReadableByteChannel in = new FailingChannel(TestData.channel(stream), 9_000, failure);
    assertThatThrownBy(() -> TestData.readAll(new ZstdChannel(in, "disk.zst", Limits.DEFAULT)))
        .isSameAs(failure);
  }

  private static byte[] decode(byte[] stream) throws IOException {
    try (ZstdChannel channel =
        new ZstdChannel(TestData.channel(stream), "disk.zst", Limits.DEFAULT)) {
      return TestData.readAll(channel);
    }
  }
}
