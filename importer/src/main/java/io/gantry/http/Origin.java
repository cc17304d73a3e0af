package io.gantry.http;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Scheme, host and port: what credentials belong to (RFC 6454, RFC 9110 section 4.3.1).
 *
 * @param host lower case, an IPv6 address without its brackets
 */
record Origin(String scheme, String host, int port) {

  static Origin of(String scheme, String host, int port) {
    String lowerScheme = scheme.toLowerCase(Locale.ROOT);
    int effectivePort = port >= 0 ? port : defaultPort(lowerScheme);
    return new Origin(lowerScheme, host.toLowerCase(Locale.ROOT), effectivePort);
  }

  boolean isTls() {
    return scheme.equals("https");
  }

  /** Returns {@code host[:port]} as a Host header and a URL have it. */
  String authority() {
    return port == defaultPort(scheme) ? bracketed() : hostAndPort();
  }

  /** Returns {@code host:port}, as CONNECT wants it (RFC 9110 section 9.3.6). */
  String hostAndPort() {
    return bracketed() + ":" + port;
  }

  private String bracketed() {
    return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
  }

  /**
   * As the compiler's, which takes a cold JVM a hundredth of a second: it is linked when called.
   */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Origin origin
        && port == origin.port
        && host.equals(origin.host)
        && scheme.equals(origin.scheme);
  }

  @Override
  public int hashCode() {
    return Objects.hash(scheme, host, port);
  }

  private static int defaultPort(String scheme) {
    return scheme.equals("https") ? 443 : 80;
  }

  @Override
  public String toString() {
    return scheme + "://" + authority();
  }
}
