package io.gantry.codec;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.gantry.image.MalformedImageException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Whatever a stranger stores as a deflate cluster: zlib's bytes, or a refusal where zlib refuses.
 */
class InflateFuzzTest {

  private static final int CLUSTER = 4096;

  @FuzzTest
  void answersLikeZlib(byte[] data) {
    byte[] expected = DeflateStreams.zlib(data, CLUSTER);
    byte[] actual = decode(data);
    if (!Arrays.equals(expected, actual)) {
      throw new AssertionError("zlib %s, we %s".formatted(describe(expected), describe(actual)));
    }
  }

  private static byte @Nullable [] decode(byte[] data) {
    byte[] cluster = new byte[CLUSTER];
    try (ClusterDecoder decoder = new DeflateClusterDecoder()) {
      decoder.decode(ByteBuffer.wrap(data, 0, data.length), ByteBuffer.wrap(cluster, 0, CLUSTER));
      return cluster;
    } catch (MalformedImageException e) {
      return null;
    }
  }

  private static String describe(byte @Nullable [] cluster) {
    return cluster == null ? "refuses" : "decodes " + HexFormat.of().formatHex(cluster);
  }
}
