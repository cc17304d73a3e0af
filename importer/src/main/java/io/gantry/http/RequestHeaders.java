package io.gantry.http;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hc.core5.http.ClassicHttpRequest;

/**
 * The headers that the user wants, and who may see them.
 *
 * <p>Credentials belong to the origin they were given for. Which extra headers are credentials
 * cannot be told from their names (every artefact server has its own), so all of them are, but for
 * a few known to be harmless.
 */
final class RequestHeaders {

  /** RFC 9110 section 5.6.2: the punctuation of a token; letters and digits come on top. */
  private static final String TOKEN_PUNCTUATION = "!#$%&'*+-.^_`|~";

  private static final Set<String> HARMLESS =
      Set.of("user-agent", "accept", "accept-language", "cache-control", "pragma", "referer");

  /** What decides how a body is delimited, encoded, and which part of it comes is ours to say. */
  private static final Set<String> OURS =
      Set.of(
          "host",
          "connection",
          "content-length",
          "transfer-encoding",
          "te",
          "trailer",
          "upgrade",
          "expect",
          "range",
          "if-range",
          "if-match",
          "if-none-match",
          "if-modified-since",
          "if-unmodified-since",
          "accept-encoding",
          "proxy-authorization",
          "keep-alive");

  private final Origin home;
  private final Optional<String> basic;
  private final List<Map.Entry<String, String>> extra;
  private final String userAgent;
  private final boolean everywhere;

  private RequestHeaders(Origin home, Optional<String> basic, HttpSourceOptions options) {
    this.home = home;
    this.basic = basic;
    this.extra = options.headers();
    this.userAgent = options.userAgent();
    this.everywhere = options.credentialsEverywhere();
  }

  /** Takes the credentials for the origin of {@code uri} from the options, else from the URL. */
  static RequestHeaders of(URI uri, Origin home, HttpSourceOptions options) {
    Optional<String> pair =
        options
            .user()
            .filter(user -> !user.isEmpty())
            .map(user -> user + ":" + options.password().orElse(""))
            .or(() -> WebAddress.userInfo(uri).map(RequestHeaders::decodeUserInfo));
    return new RequestHeaders(home, pair.map(RequestHeaders::basic), options);
  }

  /**
   * Returns the header with blanks and newlines around it taken off.
   *
   * @throws IllegalArgumentException when it would break the request, or is ours to set
   */
  static Map.Entry<String, String> checked(Map.Entry<String, String> header) {
    String name = header.getKey().strip();
    String value = header.getValue().strip();
    if (name.isEmpty() || !name.chars().allMatch(RequestHeaders::isTokenChar)) {
      throw new IllegalArgumentException("\"%s\" is no header name".formatted(printable(name)));
    }
    if (isOurs(name)) {
      throw new IllegalArgumentException(
          "header " + name + " cannot be set: gantry sets it itself");
    }
    if (value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f || c > 0xff)) {
      throw new IllegalArgumentException(
          "the value of header " + name + " has a newline or another character not allowed there");
    }
    return Map.entry(name, value);
  }

  static boolean isOurs(String name) {
    return OURS.contains(name.toLowerCase(Locale.ROOT));
  }

  /** Says whether requests to {@code origin} carry the user's credentials. */
  boolean isHome(Origin origin) {
    return everywhere || origin.equals(home);
  }

  Origin home() {
    return home;
  }

  /** Says whether there is anything that another origin does not get. */
  boolean hasSecrets() {
    return basic.isPresent() || extra.stream().anyMatch(header -> !isHarmless(header.getKey()));
  }

  /** Adds what {@code origin} may see. */
  void addTo(ClassicHttpRequest request, Origin origin) {
    request.setHeader("User-Agent", userAgent);
    for (Map.Entry<String, String> header : extra) {
      String name = header.getKey();
      if (name.equalsIgnoreCase("user-agent")) {
        request.setHeader(name, header.getValue());
      } else if (isHome(origin) || isHarmless(name)) {
        request.addHeader(name, header.getValue());
      }
    }
    if (basic.isPresent() && isHome(origin)) {
      request.setHeader("Authorization", basic.get());
    }
  }

  private static boolean isHarmless(String name) {
    return HARMLESS.contains(name.toLowerCase(Locale.ROOT));
  }

  private static boolean isTokenChar(int c) {
    return c < 0x7f && (Character.isLetterOrDigit(c) || TOKEN_PUNCTUATION.indexOf(c) >= 0);
  }

  private static String printable(String text) {
    return text.replaceAll("[^\\x20-\\x7e]", "?");
  }

  private static String decodeUserInfo(String userInfo) {
    String decoded = URLDecoder.decode(userInfo.replace("+", "%2B"), StandardCharsets.UTF_8);
    return decoded.contains(":") ? decoded : decoded + ":";
  }

  private static String basic(String pair) {
    byte[] bytes = pair.getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(bytes);
  }
}
