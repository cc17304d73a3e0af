package io.gantry.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.codec.XzZeroBlocks.Stored;
import io.gantry.image.Limits;
import io.gantry.image.MalformedImageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Blocks of zeros that are known; all else is seen from outside, by {@link XzChannelTest}. */
class XzBlockDecoderTest {

  private static final int SIZE = 1 << 20;

  /** Nothing that LZMA2 could decode: whoever tries it fails. */
  private static final byte[] UNDECODABLE = {0x03, 0x03, 0x03, 0x03};

  @Test
  void doesNotDecodeABlockThatIsKnown() throws IOException {
    XzShared shared = XzShared.of(Limits.DEFAULT, 1);
    XzBlock block = block(XzCheck.NONE);
    assertThatThrownBy(() -> decode(block, UNDECODABLE, shared))
        .isInstanceOf(MalformedImageException.class);

    shared.zeroBlocks().add(Stored.of(block, UNDECODABLE));

    assertThat(decode(block, UNDECODABLE, shared)).hasSize(SIZE).containsOnly(0);
  }

  @Test
  void verifiesABlockThatIsKnown() {
    XzShared shared = XzShared.of(Limits.DEFAULT, 1);
    XzBlock block = block(XzCheck.CRC32);
    byte[] wrongCheck = {0x03, 0x03, 0x03, 0x03, 1, 2, 3, 4};
    shared.zeroBlocks().add(Stored.of(block, wrongCheck));

    assertThatThrownBy(() -> decode(block, wrongCheck, shared))
        .isInstanceOf(MalformedImageException.class)
        .hasMessageContaining("wrong CRC32 of the content");
  }

  @Test
  void passesTheZerosOfABlockThatIsKnown() throws IOException {
    XzShared shared = XzShared.of(Limits.DEFAULT, 1);
    XzBlock block = block(XzCheck.NONE);
    shared.zeroBlocks().add(Stored.of(block, UNDECODABLE));
    XzBlockDecoder decoder =
        new XzBlockDecoder(block, new ByteArrayInputStream(UNDECODABLE), "disk.xz", shared);

    assertThat(decoder.skipZeros()).isEqualTo(SIZE);
    assertThat(decoder.skipZeros()).isZero();
    assertThat(decoder.fill(ByteBuffer.allocate(1))).isFalse();
  }

  @Test
  void verifiesABlockWhoseZerosArePassed() throws IOException {
    XzShared shared = XzShared.of(Limits.DEFAULT, 1);
    XzBlock block = block(XzCheck.CRC32);
    byte[] wrongCheck = {0x03, 0x03, 0x03, 0x03, 1, 2, 3, 4};
    shared.zeroBlocks().add(Stored.of(block, wrongCheck));
    XzBlockDecoder decoder =
        new XzBlockDecoder(block, new ByteArrayInputStream(wrongCheck), "disk.xz", shared);

    assertThatThrownBy(decoder::skipZeros)
        .isInstanceOf(MalformedImageException.class)
        .hasMessageContaining("wrong CRC32 of the content");
  }

  private static XzBlock block(XzCheck check) {
    XzFilters filters = new XzFilters(List.of(), SIZE);
    return new XzBlock(new XzBlockHeader(16, UNDECODABLE.length, SIZE, filters), check, 28);
  }

  private static byte[] decode(XzBlock block, byte[] data, XzShared shared) throws IOException {
    XzBlockDecoder decoder =
        new XzBlockDecoder(block, new ByteArrayInputStream(data), "disk.xz", shared);
    ByteBuffer content = ByteBuffer.allocate(SIZE);
    assertThat(decoder.fill(content)).isTrue();
    assertThat(content.hasRemaining()).isFalse();
    assertThat(decoder.fill(ByteBuffer.allocate(1))).isFalse();
    return content.array();
  }
}
