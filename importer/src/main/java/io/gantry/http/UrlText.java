package io.gantry.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * URLs as people, control planes and servers write them: with blanks, brackets or umlauts in path
 * and query, which RFC 3986 wants percent-encoded. What is encoded already stays as it is, byte for
 * byte: a signature may cover it.
 */
public final class UrlText {

  private static final String NEVER_IN_A_URL = "\"<>\\^`{|}";
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private UrlText() {}

  /**
   * Parses a URL or a relative reference.
   *
   * @throws URISyntaxException when it is none, also after encoding
   */
  public static URI parse(String text) throws URISyntaxException {
    if (text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      throw new URISyntaxException("", "control character");
    }
    int path = startOfPath(text);
    int query = indexOrEnd(text, '?', path);
    String authority = text.substring(0, path);
    return new URI(
        authority
            + encode(text.substring(path, query), NEVER_IN_A_URL + "[]")
            + encodeStrayPercents(encode(text.substring(query), NEVER_IN_A_URL)));
  }

  /** Returns the text with those characters, blanks and all beyond ASCII percent-encoded. */
  static String encode(String text, String illegal) {
    StringBuilder encoded = new StringBuilder(text.length());
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b <= ' ' || b == 0x7f || illegal.indexOf(b) >= 0) {
        encoded.append('%').append(HEX.toHexDigits(b));
      } else {
        encoded.append((char) b);
      }
    }
    return encoded.toString();
  }

  static String encode(String text) {
    return encode(text, NEVER_IN_A_URL);
  }

  /** A query may be anything to those who made it; a percent sign alone means itself there. */
  private static String encodeStrayPercents(String query) {
    return query.replaceAll("%(?![0-9A-Fa-f]{2})", "%25");
  }

  private static int startOfPath(String text) {
    int slashes = text.indexOf("//");
    boolean hasAuthority = slashes == 0 || (slashes > 0 && text.charAt(slashes - 1) == ':');
    if (!hasAuthority || indexOrEnd(text, '?', 0) < slashes) {
      return 0;
    }
    int start = slashes + 2;
    return Math.min(
        indexOrEnd(text, '/', start),
        Math.min(indexOrEnd(text, '?', start), indexOrEnd(text, '#', start)));
  }

  private static int indexOrEnd(String text, char sought, int from) {
    int at = text.indexOf(sought, from);
    return at < 0 ? text.length() : at;
  }
}
