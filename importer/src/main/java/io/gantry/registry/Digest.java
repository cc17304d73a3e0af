package io.gantry.registry;

import io.gantry.source.ExpectedDigest;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;

/**
 * The name of a blob: what its bytes add up to (OCI image-spec, descriptor.md, "Digests").
 *
 * @param algorithm {@code sha256} or {@code sha512}, the two that are registered
 * @param hex lower-case hexadecimal digits
 */
record Digest(String algorithm, String hex) {

  private static final Set<String> ALGORITHMS = Set.of("sha256", "sha512");

  /**
   * Parses {@code sha256:2c26b4…}.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  static Digest parse(String text) {
    int colon = text.indexOf(':');
    String algorithm = colon < 0 ? "" : text.substring(0, colon);
    if (!ALGORITHMS.contains(algorithm)) {
      throw new IllegalArgumentException(
          "digest \"%s\" must be sha256:HEX or sha512:HEX".formatted(text));
    }
    // The specification allows no capitals, and a file name made of them would be another one.
    if (!text.equals(text.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException("digest \"%s\" must be lower case".formatted(text));
    }
    ExpectedDigest checked = ExpectedDigest.parse(text);
    return new Digest(algorithm, checked.hex());
  }

  /** Returns the digest of these bytes by which everybody names manifests. */
  static Digest sha256(byte[] bytes) {
    return new Digest("sha256", "").of(bytes);
  }

  /** Returns the digest of these bytes, by the same algorithm. */
  Digest of(byte[] bytes) {
    return finish(start(), bytes);
  }

  /** Begins to compute one by the same algorithm. */
  MessageDigest start() {
    return ExpectedDigest.newMessageDigest(algorithm);
  }

  /** Ends what {@link #start} began. */
  Digest finish(MessageDigest started) {
    return finish(started, new byte[0]);
  }

  private Digest finish(MessageDigest started, byte[] last) {
    return new Digest(algorithm, HexFormat.of().formatHex(started.digest(last)));
  }

  @Override
  public String toString() {
    return algorithm + ":" + hex;
  }
}
