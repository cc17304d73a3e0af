package io.gantry.source;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;

/**
 * A digest that bytes must have, as users write it: {@code sha256:2c26b4…}.
 *
 * @param algorithm one of {@code md5 sha1 sha256 sha512}
 * @param hex lower-case hexadecimal digits
 */
public record ExpectedDigest(String algorithm, String hex) {

  private static final Map<String, String> JCA_NAMES =
      Map.of("md5", "MD5", "sha1", "SHA-1", "sha256", "SHA-256", "sha512", "SHA-512");

  /**
   * Parses {@code ALGO:HEX}.
   *
   * @throws IllegalArgumentException with what is wrong and what is accepted
   */
  public static ExpectedDigest parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException(
          "checksum \"" + text + "\" has no algorithm, write sha256:HEX");
    }
    String algorithm = text.substring(0, colon).strip().toLowerCase(Locale.ROOT);
    String hex = text.substring(colon + 1).strip().toLowerCase(Locale.ROOT);
    int digits = newMessageDigest(algorithm).getDigestLength() * 2;
    if (hex.length() != digits || !hex.chars().allMatch(HexFormat::isHexDigit)) {
      throw new IllegalArgumentException(
          "checksum of %s must be %d hexadecimal digits, got \"%s\""
              .formatted(algorithm, digits, hex));
    }
    return new ExpectedDigest(algorithm, hex);
  }

  /**
   * Returns {@code algo:hex} of what {@code digest} was fed with.
   *
   * @param sourceName for the message
   * @throws DigestMismatchException when it is another one than this
   */
  public String verify(MessageDigest digest, String sourceName) throws DigestMismatchException {
    String actualHex = HexFormat.of().formatHex(digest.digest());
    if (!actualHex.equals(hex)) {
      throw new DigestMismatchException(sourceName, this, actualHex);
    }
    return algorithm + ":" + hex;
  }

  /**
   * Returns a new digest of that name.
   *
   * @throws IllegalArgumentException for a name we do not know
   */
  public static MessageDigest newMessageDigest(String algorithm) {
    String jcaName = JCA_NAMES.get(algorithm.toLowerCase(Locale.ROOT));
    if (jcaName == null) {
      throw new IllegalArgumentException(
          "unknown digest algorithm \"%s\", use md5, sha1, sha256 or sha512".formatted(algorithm));
    }
    try {
      return MessageDigest.getInstance(jcaName);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java runtime lacks " + jcaName, e);
    }
  }

  /** As users write it. */
  @Override
  public String toString() {
    return algorithm + ":" + hex;
  }
}
