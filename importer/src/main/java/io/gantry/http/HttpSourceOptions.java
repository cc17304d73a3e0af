package io.gantry.http;

import io.gantry.runtime.Env;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a web server is spoken to.
 *
 * @param user Basic auth user; one in the URL counts when this is empty
 * @param password Basic auth password
 * @param headers extra request headers, {@code name → value}, in order; see {@link #parseHeader}
 * @param caFiles PEM files of certificate authorities trusted beside the built-in ones
 * @param insecure do not verify certificates
 * @param redirectsMax redirects followed before giving up
 * @param attemptsMax requests tried for one piece before giving up
 * @param stallTimeout time without a byte after which a transfer is given up
 * @param reconnectAfter time without a byte after which one that can be taken up again is, on
 *     another connection
 * @param env where {@code http_proxy}, {@code https_proxy}, {@code no_proxy} are looked up
 * @param userAgent what we call ourselves; an extra header {@code User-Agent} counts more
 * @param credentialsEverywhere send user, password and headers wherever a redirect leads, instead
 *     of keeping them to the origin they were given for
 */
public record HttpSourceOptions(
    Optional<String> user,
    Optional<String> password,
    List<Map.Entry<String, String>> headers,
    List<Path> caFiles,
    boolean insecure,
    int redirectsMax,
    int attemptsMax,
    Duration stallTimeout,
    Duration reconnectAfter,
    Env env,
    String userAgent,
    boolean credentialsEverywhere) {

  /** Debian's mirrors take two hops, a company's proxy and identity server some more. */
  public static final int REDIRECTS_MAX = 50;

  /** With the pauses between them eight attempts outlast a server's restart of some 15 s. */
  public static final int ATTEMPTS_MAX = 8;

  public static final Duration STALL_TIMEOUT = Duration.ofSeconds(60);

  /**
   * A server that sends nothing in the middle of an answer for a minute has nearly always lost the
   * connection: a node died, or a firewall forgot it. TCP's own retransmissions recover within that
   * time from anything else.
   */
  private static final Duration RECONNECT_AFTER = Duration.ofSeconds(60);

  public static final String USER_AGENT = "gantry/0.1.0";

  public HttpSourceOptions {
    headers = headers.stream().map(RequestHeaders::checked).toList();
    caFiles = List.copyOf(caFiles);
    if (redirectsMax < 0 || attemptsMax < 1) {
      throw new IllegalArgumentException(
          "redirectsMax=%d attemptsMax=%d".formatted(redirectsMax, attemptsMax));
    }
    if (stallTimeout.toMillis() < 1 || stallTimeout.toMillis() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("stall time-out " + stallTimeout + " is out of range");
    }
  }

  /** With credentials that stay where they belong. */
  public HttpSourceOptions(
      Optional<String> user,
      Optional<String> password,
      List<Map.Entry<String, String>> headers,
      List<Path> caFiles,
      boolean insecure,
      int redirectsMax,
      int attemptsMax,
      Duration stallTimeout,
      Env env,
      String userAgent) {
    this(
        user,
        password,
        headers,
        caFiles,
        insecure,
        redirectsMax,
        attemptsMax,
        stallTimeout,
        stallTimeout.compareTo(RECONNECT_AFTER) < 0 ? stallTimeout : RECONNECT_AFTER,
        env,
        userAgent,
        false);
  }

  /** Returns the same options, with credentials for whomever a redirect leads to. */
  public HttpSourceOptions sendingCredentialsEverywhere() {
    return new HttpSourceOptions(
        user,
        password,
        headers,
        caFiles,
        insecure,
        redirectsMax,
        attemptsMax,
        stallTimeout,
        reconnectAfter,
        env,
        userAgent,
        true);
  }

  /** Nobody's credentials, the built-in authorities, the usual patience. */
  public static HttpSourceOptions defaults(Env env) {
    return new HttpSourceOptions(
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        false,
        REDIRECTS_MAX,
        ATTEMPTS_MAX,
        STALL_TIMEOUT,
        env,
        USER_AGENT);
  }

  /** Returns the same with nobody's login; extra headers stay. */
  public HttpSourceOptions withoutLogin() {
    return with(Optional.empty(), Optional.empty(), attemptsMax);
  }

  /** Returns the same with other patience. */
  public HttpSourceOptions withAttempts(int newAttemptsMax) {
    return with(user, password, newAttemptsMax);
  }

  private HttpSourceOptions with(
      Optional<String> newUser, Optional<String> newPassword, int newAttemptsMax) {
    return new HttpSourceOptions(
        newUser,
        newPassword,
        headers,
        caFiles,
        insecure,
        redirectsMax,
        newAttemptsMax,
        stallTimeout,
        reconnectAfter,
        env,
        userAgent,
        credentialsEverywhere);
  }

  /** Says whether a text {@code Name: value} is a header that no user can set. */
  public static boolean isOurs(String header) {
    return RequestHeaders.isOurs(header.substring(0, header.indexOf(':')).strip());
  }

  /**
   * Parses a header as users write it: {@code Name: value}. A newline at its end is taken off,
   * because headers come out of files that end with one.
   *
   * @throws IllegalArgumentException with what is wrong; never with the value, which may be secret
   */
  public static Map.Entry<String, String> parseHeader(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("header has no colon, write \"Name: value\"");
    }
    return RequestHeaders.checked(Map.entry(text.substring(0, colon), text.substring(colon + 1)));
  }
}
