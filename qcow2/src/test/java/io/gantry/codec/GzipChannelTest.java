package io.gantry.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.image.MalformedImageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GzipChannelTest {

  private static final int HEADER_LENGTH = 10;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 511, 32_768, 131_072, 131_073, 163_840, 163_841, 3_000_001})
  void decodesEverySize(int size) throws IOException {
    byte[] data = TestData.diskLike(size, size);
    assertDecodes(data, gzip(data));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "-6", "-9", "--rsyncable"})
  void decodesWhatEveryOptionWrites(String option) throws IOException {
    byte[] data = TestData.diskLike(1_000_003, 5);
    assertDecodes(data, Tool.GZIP.run(data, option, "-c"));
  }

  @Test
  void decodesPigz() throws IOException {
    byte[] data = TestData.diskLike(2_000_003, 5);
    assertDecodes(data, Tool.PIGZ.run(data, "-c", "-p", "3"));
  }

  @Test
  void decodesMembersOneAfterTheOtherAlsoEmptyOnes() throws IOException {
    byte[] first = TestData.diskLike(40_000, 6);
    byte[] second = TestData.diskLike(150_000, 7);
    byte[] empty = gzip(new byte[0]);
    byte[] stream = Tool.concat(empty, gzip(first), empty, empty, gzip(second), empty);
    assertDecodes(Tool.concat(first, second), stream);
  }

  @Test
  void decodesLongRunsOfZeros() throws IOException {
    byte[] data = new byte[20_000_000];
    data[10_000_001] = 1;
    assertDecodes(data, gzip(data));
  }

  @Test
  void acceptsZerosBehindTheLastMember() throws IOException {
    byte[] data = TestData.diskLike(5000, 8);
    byte[] stream = gzip(data);
    assertDecodes(data, Arrays.copyOf(stream, stream.length + 1));
    assertDecodes(data, Arrays.copyOf(stream, stream.length + 200_000));
  }

  @Test
  void skipsEveryHeaderField() throws IOException {
    byte[] data = TestData.diskLike(5000, 9);
    byte[] body = Arrays.copyOfRange(gzip(data), HEADER_LENGTH, gzip(data).length);
    for (int flags = 0; flags < 0x20; flags++) {
      assertDecodes(data, Tool.concat(header(flags, 0), body));
    }
  }

  @Test
  void refusesAHeaderWhoseCrcIsWrong() {
    byte[] stream = Tool.concat(header(0x1e, 1), new byte[100]);
    assertMalformed(stream, "header CRC is");
  }

  @Test
  void refusesWhatTheHeaderReserves() {
    assertMalformed("1f8b08e0 00000000 0003", "flags e0");
    assertMalformed("1f8b0800 00000000 0003".replace("8b08", "8b07"), "method 7");
    assertMalformed("1f8c0800 00000000 0003", "no gzip magic");
  }

  @Test
  void refusesAnythingButZerosAndMembersBehindTheLastMember() {
    byte[] stream = gzip(TestData.diskLike(5000, 10));
    assertMalformed(Tool.concat(stream, new byte[] {1}), "behind the last member");
    assertMalformed(Tool.concat(stream, new byte[] {0, 0, 0, 5}), "behind the last member");
    assertMalformed(Tool.concat(stream, new byte[1], stream), "behind the last member");
    assertMalformed(Tool.concat(stream, new byte[] {0x1f, 0x1f}), "behind the last member");
  }

  @Test
  void refusesAWrongChecksumOrLength() {
    byte[] stream = gzip(TestData.diskLike(5000, 11));
    byte[] crc = stream.clone();
    crc[stream.length - 8] ^= 1;
    assertMalformed(crc, "CRC of the content is");
    byte[] length = stream.clone();
    length[stream.length - 1] ^= 1;
    assertMalformed(length, "content has 5000 bytes, stored modulo 2^32 is 16782216");
  }

  @Test
  void refusesEveryCut() {
    byte[] member = gzip(TestData.diskLike(3000, 12));
    byte[] stream = Tool.concat(member, header(0x1e, 0), Arrays.copyOfRange(member, 10, 900));
    for (int length = 0; length < stream.length; length++) {
      byte[] cut = Arrays.copyOf(stream, length);
      if (length == member.length) {
        continue; // a whole stream of its own
      }
      assertThatThrownBy(() -> decode(cut))
          .as("cut to %d of %d bytes", length, stream.length)
          .isInstanceOf(MalformedImageException.class)
          .hasMessageStartingWith("disk.gz: gz: ")
          .hasMessageContaining("cut short")
          .hasMessageContaining("compressed offset " + length);
    }
  }

  @Test
  void refusesDistancesIntoTheMemberBefore() throws IOException {
    // A fixed block that copies 3 bytes from distance 1 before it wrote any.
    byte[] reaching = HexFormat.of().parseHex("1f8b08000000000000030300");
    byte[] data = TestData.diskLike(100, 13);
    byte[] block = HexFormat.of().parseHex("1f8b0800000000000003030200");
    assertMalformed(Tool.concat(gzip(data), block, new byte[20]), "before the first byte");
    assertThat(reaching).hasSize(12);
  }

  @Test
  void neverReportsOtherBytesAfterAFlippedBit() throws IOException {
    byte[] data = TestData.diskLike(2000, 14);
    byte[] stream = gzip(data);
    for (int bit = 0; bit < stream.length * 8; bit++) {
      byte[] flipped = stream.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      try {
        assertThat(decode(flipped)).as("bit %d", bit).isEqualTo(data);
      } catch (MalformedImageException e) {
        assertThat(e).hasMessageStartingWith("disk.gz: gz: ");
      }
    }
  }

  @Test
  void takesInputInSmallPiecesAndFillsDirectBuffers() throws IOException {
    byte[] data = TestData.diskLike(1_500_000, 15);
    byte[] stream = Tool.concat(gzip(data), gzip(data));
    ByteBuffer dst = ByteBuffer.allocateDirect(2 * data.length + 1);
    try (GzipChannel channel = new GzipChannel(TestData.dribbling(stream, 15), "disk.gz")) {
      while (channel.read(dst) >= 0) {}
      assertThat(channel.read(dst)).isEqualTo(-1);
    }
    byte[] decoded = new byte[dst.flip().remaining()];
    dst.get(decoded);
    assertThat(decoded).isEqualTo(Tool.concat(data, data));
  }

  @Test
  void passesFailuresOfTheInputUnchanged() {
    IOException failure = new IOException("connection reset");
    byte[] stream = gzip(TestData.diskLike(300_000, 16));
    ReadableByteChannel in = new FailingChannel(TestData.channel(stream), 9000, failure);
    assertThatThrownBy(() -> TestData.readAll(new GzipChannel(in, "disk.gz"))).isSameAs(failure);
  }

  private static byte[] header(int flags, int crcError) {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    header.writeBytes(new byte[] {0x1f, (byte) 0x8b, 8, (byte) flags, 1, 2, 3, 4, 0, 3});
    if ((flags & 0x04) != 0) {
      header.writeBytes(new byte[] {3, 0, 'x', 0, 'y'});
    }
    if ((flags & 0x08) != 0) {
      header.writeBytes("disk.raw\0".getBytes(StandardCharsets.ISO_8859_1));
    }
    if ((flags & 0x10) != 0) {
      header.writeBytes("a comment\0".getBytes(StandardCharsets.ISO_8859_1));
    }
    if ((flags & 0x02) != 0) {
      CRC32 crc = new CRC32();
      crc.update(header.toByteArray());
      int value = (int) crc.getValue() + crcError;
      header.writeBytes(new byte[] {(byte) value, (byte) (value >> 8)});
    }
    return header.toByteArray();
  }

  private static byte[] gzip(byte[] data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(data);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static void assertDecodes(byte[] data, byte[] stream) throws IOException {
    if (!Arrays.equals(decode(stream), data)) {
      assertThat(decode(stream)).isEqualTo(data);
    }
  }

  private static void assertMalformed(String hex, String message) {
    assertMalformed(HexFormat.of().parseHex(hex.replace(" ", "")), message);
  }

  private static void assertMalformed(byte[] stream, String message) {
    assertThatThrownBy(() -> decode(stream))
        .isInstanceOf(MalformedImageException.class)
        .hasMessageStartingWith("disk.gz: gz: ")
        .hasMessageContaining(message);
  }

  private static byte[] decode(byte[] stream) throws IOException {
    try (GzipChannel channel = new GzipChannel(TestData.channel(stream), "disk.gz")) {
      return TestData.readAll(channel);
    }
  }
}
