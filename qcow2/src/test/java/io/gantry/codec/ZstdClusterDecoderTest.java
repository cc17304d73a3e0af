package io.gantry.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.gantry.image.Limits;
import io.gantry.image.MalformedImageException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ZstdClusterDecoderTest {

  private static final int CLUSTER = 65_536;
  private static final byte[] EMPTY_FRAME = HexFormat.of().parseHex("28b52ffd2000010000");

  private final ClusterDecoder decoder = new ZstdClusterDecoder(Limits.DEFAULT);

  @AfterEach
  void close() {
    decoder.close();
  }

  @Test
  void decodesAFrameAndIgnoresThePaddingBehindIt() throws Exception {
    byte[] cluster = text(CLUSTER);
    assertThat(decode(concat(frame(cluster), new byte[511]), CLUSTER)).isEqualTo(cluster);
    assertThat(decode(concat(frame(cluster), text(99)), CLUSTER)).isEqualTo(cluster);
  }

  @Test
  void decodesSeveralFramesWithSkippableAndEmptyOnesBetween() throws Exception {
    byte[] cluster = text(CLUSTER);
    byte[] first = frame(Arrays.copyOf(cluster, 1000));
    byte[] second = frame(Arrays.copyOfRange(cluster, 1000, CLUSTER));
    byte[] data = concat(skippable(7), first, EMPTY_FRAME, skippable(0), second);
    assertThat(decode(data, CLUSTER)).isEqualTo(cluster);
  }

  @Test
  void decodesFramesWithoutContentSizeAndWithChecksum() throws Exception {
    byte[] cluster = text(CLUSTER);
    byte[] data = frame(cluster, false, true);
    assertThat(decode(data, CLUSTER)).isEqualTo(cluster);
  }

  @Test
  void decodesEveryClusterSize() throws Exception {
    for (int size = 512; size <= 2 << 20; size *= 2) {
      byte[] cluster = text(size);
      assertThat(decode(frame(cluster), size)).isEqualTo(cluster);
    }
  }

  @Test
  void leavesBytesBesideTheClusterAlone() throws Exception {
    byte[] cluster = text(4096);
    byte[] data = concat(text(13), frame(cluster), text(100));
    byte[] dst = new byte[4096 + 64];
    Arrays.fill(dst, (byte) 0x5a);
    decoder.decode(ByteBuffer.wrap(data, 13, data.length - 13), ByteBuffer.wrap(dst, 32, 4096));
    assertThat(Arrays.copyOfRange(dst, 32, 32 + 4096)).isEqualTo(cluster);
    assertThat(Arrays.copyOf(dst, 32)).containsOnly(0x5a);
    assertThat(Arrays.copyOfRange(dst, 32 + 4096, dst.length)).containsOnly(0x5a);
  }

  @Test
  void refusesAFlippedBitInACheckedFrame() throws Exception {
    byte[] data = frame(text(CLUSTER), true, true);
    data[data.length - 1] ^= 1;
    assertMalformed(data, "does not decode");
  }

  @Test
  void refusesFramesThatDecodeToFewerOrMoreBytesThanTheCluster() {
    assertMalformed(frame(text(CLUSTER - 1)), "decodes to 65535 bytes, must be 65536");
    assertMalformed(frame(text(CLUSTER + 1)), "claims 65537 bytes, its cluster has room for 65536");
    assertMalformed(frame(text(CLUSTER + 1), false, false), "does not decode into 65536 bytes");
    assertMalformed(concat(frame(text(CLUSTER - 1)), frame(text(2))), "has room for 1");
    assertMalformed(concat(skippable(100)), "decodes to 0 bytes");
  }

  @Test
  void refusesAFrameCutShortAnywhere() {
    byte[] data = concat(skippable(3), frame(text(4096), false, true));
    for (int length = 0; length < data.length; length++) {
      byte[] cut = Arrays.copyOf(data, length);
      assertThatThrownBy(() -> decode(cut, 4096)).isInstanceOf(MalformedImageException.class);
    }
  }

  @Test
  void refusesAWindowOverTheLimitWithoutAllocatingIt() {
    // Descriptor 0: no sizes, a window byte follows; exponent 21 means 2 GiB, 31 means 2 TiB.
    assertMalformed("28b52ffd 00 a8 010000", "window of 2147483648 bytes");
    assertMalformed("28b52ffd 00 f8 010000", "window of 2199023255552 bytes");
  }

  @Test
  void refusesWhatTheFormatReserves() {
    assertMalformed("28b52ffd 08 00 010000", "reserved bit");
    assertMalformed("28b52ffd 20 00 070000", "reserved type 3");
    assertMalformed("28b52ffd 21 01 00 010000", "needs dictionary 1");
    assertMalformed("ff b52ffd 00 58 010000", "must begin with fd2fb528, got fd2fb5ff");
  }

  @Test
  void refusesAContentSizeBeyondTheSignedRange() {
    assertMalformed("28b52ffd e0 ffffffffffffffff 010000", "window of 9223372036854775807 bytes");
  }

  @Test
  void answersMutatedFramesWithBytesOrARefusal() {
    byte[] valid = frame(text(4096), true, true);
    long seed = 20_261_122;
    SplittableRandom random = new SplittableRandom(seed);
    int refused = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] mutated = valid.clone();
      mutated[random.nextInt(mutated.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        decode(mutated, 4096);
      } catch (MalformedImageException e) {
        refused++;
      }
    }
    assertThat(refused).as("seed %d", seed).isGreaterThan(19_000);
  }

  private byte[] decode(byte[] data, int size) throws MalformedImageException {
    byte[] dst = new byte[size];
    decoder.decode(ByteBuffer.wrap(data, 0, data.length), ByteBuffer.wrap(dst, 0, size));
    return dst;
  }

  private void assertMalformed(String hex, String message) {
    assertMalformed(HexFormat.of().parseHex(hex.replace(" ", "")), message);
  }

  private void assertMalformed(byte[] data, String message) {
    assertThatThrownBy(() -> decode(data, CLUSTER))
        .isInstanceOf(MalformedImageException.class)
        .hasMessageContaining(message);
  }

  private static byte[] frame(byte[] content) {
    return frame(content, true, false);
  }

  private static byte[] frame(byte[] content, boolean size, boolean checksum) {
    try (ZstdCompressCtx context = new ZstdCompressCtx()) {
      return context
          .setLevel(Zstd.defaultCompressionLevel())
          .setContentSize(size)
          .setChecksum(checksum)
          .compress(content);
    }
  }

  private static byte[] skippable(int length) {
    byte[] frame = new byte[8 + length];
    System.arraycopy(new byte[] {0x5e, 0x2a, 0x4d, 0x18, (byte) length}, 0, frame, 0, 5);
    return frame;
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** Bytes that compress like text: words from a small vocabulary. */
  private static byte[] text(int length) {
    SplittableRandom random = new SplittableRandom(length);
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) ("etaoin shrdlu".charAt(random.nextInt(13)) & (random.nextInt() | 0x5f));
    }
    return bytes;
  }
}
