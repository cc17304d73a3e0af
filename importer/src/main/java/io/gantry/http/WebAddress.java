package io.gantry.http;

import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes. User and password of a URL are never part of it.
 *
 * @param target path and query as they are sent
 */
record WebAddress(Origin origin, String target) {

  /**
   * Takes a URL apart.
   *
   * <p>The authority is split here: {@link URI#getHost} knows no host with an underscore, and
   * buckets of object stores have such names.
   *
   * @throws IllegalArgumentException with what is wrong, without user and password
   */
  static WebAddress of(URI uri) {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException(
          "URL has scheme \"%s\", only http:// and https:// are read".formatted(scheme));
    }
    String authority = uri.getRawAuthority();
    if (authority == null) {
      throw new IllegalArgumentException("URL names no host, write " + scheme + "://HOST/PATH");
    }
    String hostAndPort = authority.substring(authority.lastIndexOf('@') + 1);
    return new WebAddress(parseOrigin(scheme, hostAndPort), target(uri));
  }

  /** Returns the {@code user[:password]} part of a URL, as it is written there. */
  static Optional<String> userInfo(URI uri) {
    String authority = uri.getRawAuthority();
    int at = authority == null ? -1 : authority.lastIndexOf('@');
    return at < 0 ? Optional.empty() : Optional.of(authority.substring(0, at));
  }

  /**
   * Returns where a {@code Location} leads from here (RFC 3986 section 5.2). Characters that have
   * no place in a URL are percent-encoded, since servers send them.
   *
   * @throws IllegalArgumentException when it leads to no web address
   */
  WebAddress resolve(String location) {
    try {
      String reference = location.strip();
      // java.net.URI still resolves a lone query as RFC 2396 did: without the file name
      int query = target.indexOf('?');
      String path = query < 0 ? target : target.substring(0, query);
      URI parsed = UrlText.parse(reference.startsWith("?") ? path + reference : reference);
      return of(new URI(origin + target).resolve(parsed));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("the redirect leads to no URL: " + e.getReason(), e);
    }
  }

  private static Origin parseOrigin(String scheme, String hostAndPort) {
    int colon = hostAndPort.lastIndexOf(':');
    boolean hasPort = colon > hostAndPort.lastIndexOf(']');
    String host = hasPort ? hostAndPort.substring(0, colon) : hostAndPort;
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    if (bare.isEmpty()) {
      throw new IllegalArgumentException("URL names no host, write " + scheme + "://HOST/PATH");
    }
    String port = hasPort ? hostAndPort.substring(colon + 1) : "";
    String ascii = bare.chars().allMatch(c -> c < 0x80) ? bare : IDN.toASCII(bare);
    return Origin.of(scheme, ascii, port.isEmpty() ? -1 : parsePort(port));
  }

  private static int parsePort(String text) {
    try {
      int port = Integer.parseInt(text);
      if (port > 0 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException _) {
      // told below
    }
    throw new IllegalArgumentException("URL has port \"" + text + "\", must be 1..65535");
  }

  private static String target(URI uri) {
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    @Nullable String query = uri.getRawQuery();
    return UrlText.encode(query == null ? path : path + "?" + query);
  }

  /** As the compiler's; see {@link Origin#equals}. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof WebAddress address
        && origin.equals(address.origin)
        && target.equals(address.target);
  }

  @Override
  public int hashCode() {
    return Objects.hash(origin, target);
  }

  /** For people: without the query, which is where signed URLs have their secrets. */
  @Override
  public String toString() {
    int query = target.indexOf('?');
    return origin + (query < 0 ? target : target.substring(0, query) + "?...");
  }
}
