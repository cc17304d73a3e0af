package io.gantry.runtime;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A web proxy, as a proxy variable names it.
 *
 * @param tls whether the connection to the proxy itself is TLS ({@code https://proxy})
 * @param authorization value of {@code Proxy-Authorization}, when the URL has a user
 */
public record ProxyServer(String host, int port, boolean tls, Optional<String> authorization) {

  /**
   * Parses {@code [http[s]://][user[:password]@]host[:port][/]}; without a scheme it is http.
   *
   * @param variable where the text comes from, for the message
   * @throws IllegalArgumentException with what is wrong; never with the password
   */
  static ProxyServer parse(String variable, String text) {
    URI uri = parseUri(variable, text.contains("://") ? text : "http://" + text);
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException(
          "%s names a %s proxy, only http:// and https:// proxies are supported"
              .formatted(variable, scheme));
    }
    boolean tls = scheme.equals("https");
    String host = uri.getHost().replaceAll("[\\[\\]]", "");
    int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
    return new ProxyServer(host, port, tls, basic(uri.getRawUserInfo()));
  }

  private static URI parseUri(String variable, String text) {
    try {
      URI uri = new URI(text);
      if (uri.getHost() != null) {
        return uri;
      }
    } catch (URISyntaxException _) {
      // told below: the exception's own text would show the password
    }
    throw new IllegalArgumentException(
        variable + " is not a proxy address, write http://[user:password@]host:port");
  }

  private static Optional<String> basic(@Nullable String userInfo) {
    if (userInfo == null || userInfo.isEmpty()) {
      return Optional.empty();
    }
    String plus = userInfo.replace("+", "%2B");
    String decoded = URLDecoder.decode(plus, StandardCharsets.UTF_8);
    String pair = decoded.contains(":") ? decoded : decoded + ":";
    byte[] bytes = pair.getBytes(StandardCharsets.UTF_8);
    return Optional.of("Basic " + Base64.getEncoder().encodeToString(bytes));
  }

  @Override
  public String toString() {
    String address = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return (tls ? "https://" : "http://") + address + ":" + port;
  }
}
