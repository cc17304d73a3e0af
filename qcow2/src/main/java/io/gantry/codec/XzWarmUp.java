package io.gantry.codec;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import org.tukaani.xz.ArrayCache;

/**
 * Has the JVM compile what decodes xz while a source is still being connected to: that takes it a
 * tenth of a second, in which the first blocks would be decoded at a third of the speed.
 *
 * <p>A sample is decoded a few bytes at a time, until enough calls are counted; see {@code
 * CompileThresholdScaling} in {@code dist/java.options}.
 */
public final class XzWarmUp {

  /** Of LZMA2: 180 words, of which there are forty, so that it has symbols of all kinds. */
  private static final String SAMPLE =
      "4AQkAZ9dADuaC1Aiij4GlNzRsoKG+HSQUy1xGFUYBTL/BuwCMZZszcMZ3qB+loh3ohqDhohFIaeCjV83e15f"
          + "0BSav8Hc0s4P44t430vhylCLKlGXcIrHYfjT47exFNmg8CTU/ICNTDBsxv0u42IovxQfLz+u5sIo4Uz7aUNK"
          + "LhciabgA5cN0F3Q/a/I2dBGxzdoXCYBSAMwMcGxUx/i39ErUPxZLpg8QYtl/OVnM22iWlepNkX8McRAnNXlo"
          + "sPnwnjFYDbcY1pagkCFtWPhMCS94RfN2v2voqMJS5qPaIjzzgkoRpIqDQM7iWFv6LY/mV36CFOzWPHBMyE/z"
          + "E2XnnYesdNqJ0e28PbfFARBGlqGpqsQnoAcz39jBVZFE+nwptDGZRoUyfY8NrjWclXr+FuIkF7JhcgOIar9Q"
          + "ZRlUkGWxMuvC466FL+xE+e9n4qBdrROLHgeSh6Us9BWdlRX8Btki3+d76d3p4Ke4fW8i6RO2TONV+OHjZwce"
          + "Hri/MGsZGw/DeXpboEnbQSj4RpPNEfqRxjYv44yVPrhA1Yz0j43jtMj+aIcA";

  private static final int DICTIONARY_BYTES = 4096;
  private static final int PIECE_BYTES = 8;
  private static final int ROUNDS = 20;

  private XzWarmUp() {}

  /**
   * Starts it beside the caller if that name is likely to be one of an xz file.
   *
   * @param source a file's path, or a URL
   */
  public static void startFor(String source) {
    if (isLikely(source)) {
      Thread.ofPlatform().daemon().name("xz warm-up").start(XzWarmUp::decodeSamples);
    }
  }

  static boolean isLikely(String source) {
    return source.split("[?#]", 2)[0].endsWith(".xz");
  }

  /** Returns how many bytes that made. */
  static int decodeSamples() {
    byte[] sample = Base64.getDecoder().decode(SAMPLE);
    ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
    int total = 0;
    for (int round = 0; round < ROUNDS; round++) {
      try (Lzma2InputStream decoded =
          new Lzma2InputStream(
              new ByteArrayInputStream(sample), DICTIONARY_BYTES, ArrayCache.getDummyCache())) {
        for (int n = decoded.read(piece); n >= 0; n = decoded.read(piece.clear())) {
          total += n;
        }
      } catch (IOException e) {
        throw new IllegalStateException("a built-in sample cannot be decoded", e);
      }
    }
    return total;
  }
}
