package io.gantry.codec;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.gantry.image.Limits;
import io.gantry.image.MalformedImageException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Whatever a stranger stores as a zstd cluster: a full cluster, or a refusal; nothing beside it.
 */
class ZstdClusterFuzzTest {

  private static final int CLUSTER = 4096;
  private static final int MARGIN = 64;

  @FuzzTest
  void fillsTheClusterAloneOrRefuses(byte[] data) {
    byte[] dst = new byte[MARGIN + CLUSTER + MARGIN];
    try (ClusterDecoder decoder = new ZstdClusterDecoder(Limits.DEFAULT)) {
      decoder.decode(ByteBuffer.wrap(data, 0, data.length), ByteBuffer.wrap(dst, MARGIN, CLUSTER));
    } catch (MalformedImageException e) {
      requireOneLine(e.getMessage());
    }
    byte[] margin = new byte[MARGIN];
    if (!Arrays.equals(dst, 0, MARGIN, margin, 0, MARGIN)
        || !Arrays.equals(dst, MARGIN + CLUSTER, dst.length, margin, 0, MARGIN)) {
      throw new AssertionError("bytes beside the cluster were written");
    }
  }

  private static void requireOneLine(String message) {
    if (!message.startsWith("zstd ") || message.contains("\n")) {
      throw new AssertionError("a poor message: " + message);
    }
  }
}
