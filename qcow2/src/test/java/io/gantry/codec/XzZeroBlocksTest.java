package io.gantry.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.codec.XzZeroBlocks.Stored;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tukaani.xz.FilterOptions;
import org.tukaani.xz.X86Options;

class XzZeroBlocksTest {

  private static final long DICTIONARY = 8 << 20;
  private static final byte[] BYTES = {1, 2, 3, 4};

  @Test
  void looksOnlyAtBlocksThatMustBeAlmostEmpty() {
    assertThat(XzZeroBlocks.mayHold(block(3_700, 24 << 20))).isTrue();
    assertThat(XzZeroBlocks.mayHold(block(30_000, 24 << 20))).isFalse();
    assertThat(XzZeroBlocks.mayHold(block(70_000, 1 << 30))).isFalse();
    assertThat(XzZeroBlocks.mayHold(block(-1, -1))).isFalse();
    assertThat(XzZeroBlocks.mayHold(block(3_700, -1))).isFalse();
  }

  @Test
  void leavesFilteredBlocksAlone() {
    XzFilters filters = new XzFilters(List.of(new X86Options()), DICTIONARY);
    XzBlockHeader header = new XzBlockHeader(16, 3_700, 24 << 20, filters);

    assertThat(XzZeroBlocks.mayHold(new XzBlock(header, XzCheck.CRC64, 28))).isFalse();
  }

  @Test
  void knowsABlockAgainWhereverItIsInTheFile() {
    XzZeroBlocks blocks = new XzZeroBlocks();
    XzBlockHeader header = block(3_700, 24 << 20).header();
    Stored stored = Stored.of(new XzBlock(header, XzCheck.CRC64, 28), BYTES);
    assertThat(blocks.contains(stored)).isFalse();

    blocks.add(stored);

    XzBlock later = new XzBlock(header, XzCheck.CRC64, 4711);
    assertThat(blocks.contains(Stored.of(later, BYTES.clone()))).isTrue();
  }

  @Test
  void takesNoOtherBlockForIt() {
    XzZeroBlocks blocks = new XzZeroBlocks();
    XzBlock block = block(3_700, 24 << 20);
    blocks.add(Stored.of(block, BYTES));

    XzBlock otherCheck = new XzBlock(block.header(), XzCheck.CRC32, 28);
    assertThat(blocks.contains(Stored.of(block, new byte[] {1, 2, 3, 5}))).isFalse();
    assertThat(blocks.contains(Stored.of(otherCheck, BYTES))).isFalse();
    assertThat(blocks.contains(Stored.of(block(3_700, 12 << 20), BYTES))).isFalse();
    assertThat(blocks.contains(Stored.of(block(3_701, 24 << 20), BYTES))).isFalse();
  }

  @Test
  void tellsZerosFromAnythingElse() {
    byte[] bytes = new byte[200_000];
    assertThat(XzZeroBlocks.isZero(ByteBuffer.wrap(bytes, 0, bytes.length))).isTrue();
    assertThat(XzZeroBlocks.isZero(ByteBuffer.wrap(bytes, 7, 0))).isTrue();
    bytes[199_999] = 1;
    assertThat(XzZeroBlocks.isZero(ByteBuffer.wrap(bytes, 0, bytes.length))).isFalse();
    assertThat(XzZeroBlocks.isZero(ByteBuffer.wrap(bytes, 0, bytes.length - 1))).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void checksZerosThatAreNotShown(XzCheck check) {
    XzCheck.Running shown = check.start();
    shown.update(ByteBuffer.allocate(200_000));
    XzCheck.Running counted = check.start();
    counted.updateZeros(200_000);

    assertThat(counted.value()).isEqualTo(shown.value());
  }

  private static XzBlock block(long compressedSize, long uncompressedSize) {
    List<FilterOptions> none = List.of();
    XzFilters filters = new XzFilters(none, DICTIONARY);
    return new XzBlock(
        new XzBlockHeader(16, compressedSize, uncompressedSize, filters), XzCheck.CRC64, 28);
  }
}
