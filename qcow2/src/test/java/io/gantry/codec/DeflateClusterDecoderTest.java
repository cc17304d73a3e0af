package io.gantry.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.image.MalformedImageException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeflateClusterDecoderTest {

  private static final int[] STRATEGIES = {
    Deflater.DEFAULT_STRATEGY, Deflater.FILTERED, Deflater.HUFFMAN_ONLY
  };

  private final ClusterDecoder decoder = new DeflateClusterDecoder();

  @Test
  void decodesEveryLevelStrategyAndKindOfContent() throws Exception {
    for (int size : new int[] {512, 4096, 65_536}) {
      for (int kind = 0; kind < DeflateStreams.KINDS; kind++) {
        byte[] content = DeflateStreams.content(kind, size);
        for (int level = 0; level <= 9; level++) {
          for (int strategy : STRATEGIES) {
            assertDecodes(content, DeflateStreams.deflate(content, level, strategy));
          }
        }
      }
    }
  }

  @Test
  void decodesTheLargestClusters() throws Exception {
    for (int kind = 0; kind < DeflateStreams.KINDS; kind++) {
      byte[] content = DeflateStreams.content(kind, 2 << 20);
      assertDecodes(content, DeflateStreams.deflate(content, 1, Deflater.DEFAULT_STRATEGY));
    }
  }

  @Test
  void decodesBlocksOfEverySizeWithFlushesBetween() throws Exception {
    byte[] content = DeflateStreams.content(2, 65_536);
    for (int step : new int[] {7, 100, 1000, 30_000}) {
      for (int flush : new int[] {Deflater.SYNC_FLUSH, Deflater.FULL_FLUSH}) {
        assertDecodes(
            content, DeflateStreams.deflate(content, 6, Deflater.DEFAULT_STRATEGY, step, flush));
      }
    }
  }

  @Test
  void decodesTheSmallestClustersOfAnyContent() throws Exception {
    for (int size = 1; size < 700; size++) {
      byte[] content = DeflateStreams.content(size % DeflateStreams.KINDS, size);
      assertDecodes(content, DeflateStreams.deflate(content, 6, Deflater.DEFAULT_STRATEGY));
    }
  }

  @Test
  void ignoresPaddingAndBlocksBehindAFullCluster() throws Exception {
    byte[] content = DeflateStreams.content(2, 65_536);
    byte[] data = DeflateStreams.deflate(content, 6, Deflater.DEFAULT_STRATEGY);
    for (int size : new int[] {0, 1, 512, 32_768, 65_535}) {
      assertThat(decode(data, size)).isEqualTo(Arrays.copyOf(content, size));
    }
    byte[] padded = Arrays.copyOf(data, data.length + 511);
    Arrays.fill(padded, data.length, padded.length, (byte) 0xff);
    assertThat(decode(padded, content.length)).isEqualTo(content);
  }

  @Test
  void leavesBytesBesideTheClusterAlone() throws Exception {
    for (int kind = 0; kind < DeflateStreams.KINDS; kind++) {
      byte[] content = DeflateStreams.content(kind, 4096);
      byte[] data = DeflateStreams.deflate(content, 6, Deflater.DEFAULT_STRATEGY);
      byte[] src = new byte[data.length + 40];
      System.arraycopy(data, 0, src, 13, data.length);
      byte[] dst = new byte[4096 + 600];
      Arrays.fill(dst, (byte) 0x5a);
      decoder.decode(ByteBuffer.wrap(src, 13, data.length), ByteBuffer.wrap(dst, 300, 4096));
      assertThat(Arrays.copyOfRange(dst, 300, 300 + 4096)).isEqualTo(content);
      assertThat(Arrays.copyOf(dst, 300)).containsOnly(0x5a);
      assertThat(Arrays.copyOfRange(dst, 300 + 4096, dst.length)).containsOnly(0x5a);
    }
  }

  @Test
  void refusesAStreamThatEndsBeforeTheClusterIsFull() {
    byte[] content = DeflateStreams.content(2, 65_535);
    byte[] data = DeflateStreams.deflate(content, 6, Deflater.DEFAULT_STRATEGY);
    assertThatThrownBy(() -> decode(data, 65_536))
        .isInstanceOf(MalformedImageException.class)
        .hasMessage("deflate data of %d bytes decodes to 65535 bytes, must be 65536", data.length);
  }

  @Test
  void refusesAStreamCutShortAnywhere() {
    for (int kind = 0; kind < DeflateStreams.KINDS; kind++) {
      byte[] content = DeflateStreams.content(kind, 2000);
      byte[] data = DeflateStreams.deflate(content, 6, Deflater.DEFAULT_STRATEGY);
      for (int length = 0; length < data.length; length++) {
        assertSameAnswer(Arrays.copyOf(data, length), content.length);
      }
      assertThatThrownBy(() -> decode(Arrays.copyOf(data, data.length / 2), content.length))
          .isInstanceOf(MalformedImageException.class)
          .hasMessageContaining("cut short");
    }
  }

  /** Blocks laid out bit by bit; zlib is asked whether we judge them rightly. */
  @Test
  void judgesOddCodesLikeZlib() {
    for (OddBlock block : OddBlock.all()) {
      byte[] expected = DeflateStreams.zlib(block.data, OddBlock.SIZE);
      assertThat(expected != null).as("zlib on %s", block.name).isEqualTo(block.accepted);
      assertThat(decodeOrNull(block.data, OddBlock.SIZE)).as(block.name).isEqualTo(expected);
    }
  }

  @Test
  void answersAHundredThousandMutatedStreamsLikeZlib() {
    List<byte[]> streams = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    for (int kind = 0; kind < DeflateStreams.KINDS; kind++) {
      for (int size : new int[] {64, 512, 1500, 4096}) {
        byte[] content = DeflateStreams.content(kind, size);
        for (int strategy : STRATEGIES) {
          streams.add(DeflateStreams.deflate(content, 6, strategy));
          sizes.add(size);
        }
        streams.add(DeflateStreams.deflate(content, 9, 0, 300, Deflater.SYNC_FLUSH));
        sizes.add(size);
      }
    }
    long seed = 1951;
    SplittableRandom random = new SplittableRandom(seed);
    int accepted = 0;
    for (int round = 0; round < 120_000; round++) {
      int which = random.nextInt(streams.size());
      byte[] mutated = DeflateStreams.mutate(streams.get(which), random);
      accepted += assertSameAnswer(mutated, sizes.get(which)) ? 1 : 0;
    }
    assertThat(accepted).as("seed %d", seed).isBetween(20_000, 100_000);
  }

  private boolean assertSameAnswer(byte[] data, int size) {
    byte[] expected = DeflateStreams.zlib(data, size);
    byte[] actual = decodeOrNull(data, size);
    if (!Arrays.equals(expected, actual)) {
      assertThat(actual).as("decoded from %s", Arrays.toString(data)).isEqualTo(expected);
    }
    return actual != null;
  }

  private void assertDecodes(byte[] content, byte[] data) throws MalformedImageException {
    if (!Arrays.equals(decode(data, content.length), content)) {
      assertThat(decode(data, content.length)).isEqualTo(content);
    }
  }

  private byte @Nullable [] decodeOrNull(byte[] data, int size) {
    try {
      return decode(data, size);
    } catch (MalformedImageException e) {
      return null;
    }
  }

  private byte[] decode(byte[] data, int size) throws MalformedImageException {
    byte[] dst = new byte[size];
    decoder.decode(ByteBuffer.wrap(data, 0, data.length), ByteBuffer.wrap(dst, 0, size));
    return dst;
  }
}
