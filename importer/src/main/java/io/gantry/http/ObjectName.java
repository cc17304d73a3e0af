package io.gantry.http;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * An object in a store.
 *
 * @param key what it is called within its bucket; may have slashes
 */
public record ObjectName(String bucket, String key) {

  /** What RFC 3986 section 2.3 never encodes, and S3's signature neither; and the slash. */
  private static final String PLAIN = "-._~/";

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  public ObjectName {
    if (bucket.isEmpty() || key.isEmpty()) {
      throw new IllegalArgumentException("the URL names no object, write .../BUCKET/OBJECT");
    }
  }

  /**
   * Returns the object that the path of a URL names: slashes around it do not count, and a query is
   * no part of it.
   *
   * @throws IllegalArgumentException when it names none
   */
  public static ObjectName inPath(URI uri) {
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    return of(decode(path).replaceAll("^/+|/+$", ""));
  }

  /**
   * Returns the object that {@code scheme://bucket/key} names, character by character.
   *
   * @throws IllegalArgumentException when it names none
   */
  public static ObjectName literal(String text) {
    return of(text.substring(text.indexOf("://") + 3));
  }

  private static ObjectName of(String bucketAndKey) {
    int slash = bucketAndKey.indexOf('/');
    return slash < 0
        ? new ObjectName(bucketAndKey, "")
        : new ObjectName(bucketAndKey.substring(0, slash), bucketAndKey.substring(slash + 1));
  }

  /**
   * Returns {@code host[:port]} of a URL. {@link URI#getHost} knows no underscores, and hosts of
   * stores have them.
   *
   * @throws IllegalArgumentException when it has none
   */
  public static String authority(URI uri) {
    @Nullable String authority = uri.getRawAuthority();
    String host = authority == null ? "" : authority.substring(authority.lastIndexOf('@') + 1);
    if (host.isEmpty()) {
      throw new IllegalArgumentException("the URL names no host, write https://HOST/BUCKET/OBJECT");
    }
    return host;
  }

  /** Returns {@code text} as a path has it, in the one way of encoding that signatures know. */
  public static String encode(String text) {
    StringBuilder encoded = new StringBuilder(text.length());
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      boolean ascii = b > 0;
      if (ascii && (Character.isLetterOrDigit(b) || PLAIN.indexOf(b) >= 0)) {
        encoded.append((char) b);
      } else {
        encoded.append('%').append(HEX.toHexDigits(b));
      }
    }
    return encoded.toString();
  }

  private static String decode(String path) {
    return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return bucket + "/" + key;
  }
}
