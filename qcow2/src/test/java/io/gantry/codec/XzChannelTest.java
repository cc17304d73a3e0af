package io.gantry.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.image.ImageException;
import io.gantry.image.ImageTooLargeException;
import io.gantry.image.Limits;
import io.gantry.image.MalformedImageException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XzChannelTest {

  private static final byte[] PADDING = new byte[8];

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 511, 4096, 65_536, 65_537, 3_000_001})
  void decodesEverySize(int size) throws IOException {
    byte[] data = TestData.diskLike(size, size);
    assertThat(decode(Tool.XZ.run(data, "-c"))).isEqualTo(data);
    assertThat(decode(Tool.XZ.run(data, "-c", "-T2", "--block-size=65536"))).isEqualTo(data);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-0",
        "-9",
        "-C none",
        "-C crc32",
        "-C crc64",
        "-C sha256",
        "-T1 --block-size=100000",
        "-T2 --block-size=100000",
        "-T2 --block-list=1,4096,1000000,70000",
        "-T1 --block-list=1,4096,1000000,70000",
        "--x86 --lzma2",
        "--arm64 --delta=dist=4 --lzma2=preset=1,lc=0,lp=4,pb=0",
        "--powerpc --ia64 --sparc --lzma2",
        "--arm --armthumb --lzma2=dict=4KiB",
        "-T2 --block-size=200000 --x86 --delta=dist=256 --lzma2"
      })
  void decodesWhatEveryOptionWrites(String options) throws IOException {
    byte[] data = TestData.diskLike(2_000_003, 5);
    byte[] stream = Tool.XZ.run(data, (options + " -c").split(" ", -1));
    assertThat(decode(stream)).isEqualTo(data);
    assertThat(TestData.readAll(open(TestData.dribbling(stream, 3)))).isEqualTo(data);
  }

  @Test
  void decodesStreamsOneAfterTheOtherWithPaddingBetweenAndBehind() throws IOException {
    byte[] data = TestData.diskLike(70_000, 6);
    byte[] empty = Tool.XZ.run(new byte[0], "-c");
    byte[] stream = Tool.XZ.run(data, "-c", "-T2", "--block-size=30000");
    byte[] other = Tool.XZ.run(data, "-c", "-C", "sha256");
    byte[] all = Tool.concat(stream, PADDING, empty, other, PADDING, empty, PADDING, PADDING);
    assertThat(decode(all)).isEqualTo(Tool.concat(data, data));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-T1 --lzma2=dict=4KiB",
        "-T2 --lzma2=dict=4KiB --block-size=1000 -C sha256",
        "-T1 --lzma2=dict=4KiB --block-size=1500"
      })
  void refusesEveryCut(String options) {
    byte[] data = TestData.diskLike(3_000, 9);
    byte[] whole = Tool.XZ.run(data, (options + " -c").split(" ", -1));
    byte[] stream = Tool.concat(whole, PADDING, whole);
    for (int length = 1; length < stream.length; length++) {
      if (length >= whole.length && length <= whole.length + PADDING.length && length % 4 == 0) {
        continue; // a whole file of its own
      }
      byte[] cut = Arrays.copyOf(stream, length);
      assertThatThrownBy(() -> decode(cut))
          .as("cut to %d of %d bytes", length, stream.length)
          .isInstanceOf(MalformedImageException.class)
          .hasMessageStartingWith("disk.xz: xz: ")
          .hasMessageContaining("compressed offset");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-T1", "-T2 --block-size=100000"})
  void tellsWhereALongFileEnds(String options) {
    byte[] data = new byte[300_000];
    new Random(9).nextBytes(data);
    byte[] cut = Arrays.copyOf(Tool.XZ.run(data, (options + " -c").split(" ", -1)), 200_000);

    assertThatThrownBy(() -> decode(cut))
        .isInstanceOf(MalformedImageException.class)
        .hasMessage("disk.xz: xz: the file ends early, at compressed offset 200000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-T1 --lzma2=dict=4KiB",
        "-T2 --lzma2=dict=4KiB --block-size=700",
        "-T1 --lzma2=dict=4KiB --block-size=700"
      })
  void refusesEveryFlippedBit(String options) {
    byte[] data = TestData.diskLike(2_000, 10);
    byte[] stream = Tool.XZ.run(data, (options + " -c").split(" ", -1));
    for (int bit = 0; bit < stream.length * 8; bit++) {
      byte[] flipped = stream.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> decode(flipped))
          .as("bit %d", bit)
          .isInstanceOf(ImageException.class)
          .hasMessageStartingWith("disk.xz: xz: ");
    }
  }

  @Test
  void refusesWhatFollowsTheLastStream() {
    byte[] stream = Tool.XZ.run(TestData.diskLike(3_000, 11), "-c");
    byte[] padded = Arrays.copyOf(stream, stream.length + 512);
    padded[padded.length - 1] = 1;
    assertThatThrownBy(() -> decode(padded)).isInstanceOf(MalformedImageException.class);
    assertThatThrownBy(() -> decode(Arrays.copyOf(stream, stream.length + 511)))
        .hasMessageContaining("must be a multiple of 4");
  }

  @Test
  void refusesADictionaryOverTheLimitBeforeAllocatingIt() {
    byte[] stream = Tool.XZ.run(new byte[1000], "-c", "--lzma2=dict=1GiB");
    assertThatThrownBy(() -> decode(stream))
        .isInstanceOf(ImageTooLargeException.class)
        .hasMessageContaining("1073872896")
        .hasMessageContaining("" + Limits.DEFAULT.xzMemoryMax());
  }

  @Test
  void passesFailuresOfTheInputUnchanged() {
    byte[] stream = Tool.XZ.run(TestData.diskLike(300_000, 12), "-c");
    for (int bytes = 0; bytes < stream.length; bytes += 997) {
      IOException failure = new EOFException("connection closed early");
      ReadableByteChannel in = new FailingChannel(TestData.channel(stream), bytes, failure);
      assertThatThrownBy(() -> TestData.readAll(open(in))).isSameAs(failure);
    }
  }

  private static ReadableByteChannel open(ReadableByteChannel in) throws IOException {
    return Decompressors.open(Compression.XZ, in, "disk.xz", Limits.DEFAULT, 2);
  }

  private static byte[] decode(byte[] stream) throws IOException {
    try (ReadableByteChannel channel = open(TestData.channel(stream))) {
      return TestData.readAll(channel);
    }
  }
}
