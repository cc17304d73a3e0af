package io.gantry.codec;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.ArrayCache;
import org.tukaani.xz.LZMA2InputStream;

/** The decoder of XZ for Java, to hold ours against. */
final class Lzma2Oracle {

  /** More adds nothing. */
  private static final int OUTPUT_MAX = 4 << 20;

  private Lzma2Oracle() {}

  /** Fails when the two decoders differ; returns whether they decode {@code stream}. */
  static boolean agree(byte[] stream, int dictionary) {
    byte[] expected = all(new LZMA2InputStream(new ByteArrayInputStream(stream), dictionary));
    byte[] actual =
        all(
            new Lzma2InputStream(
                new ByteArrayInputStream(stream), dictionary, ArrayCache.getDummyCache()));
    if (!Arrays.equals(expected, actual)) {
      throw new AssertionError(
          "XZ for Java %s, we %s".formatted(describe(expected), describe(actual)));
    }
    return expected != null;
  }

  private static byte @Nullable [] all(InputStream decoded) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    try (decoded) {
      for (int n = decoded.read(buffer);
          n >= 0 && out.size() < OUTPUT_MAX;
          n = decoded.read(buffer)) {
        out.write(buffer, 0, n);
      }
      return Arrays.copyOf(out.toByteArray(), Math.min(out.size(), OUTPUT_MAX));
    } catch (IOException e) {
      return null;
    }
  }

  private static String describe(byte @Nullable [] decoded) {
    return decoded == null ? "refuses" : "decodes %d bytes".formatted(decoded.length);
  }
}
