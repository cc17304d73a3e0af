package io.gantry.gcs;

import io.gantry.http.HttpSourceOptions;
import io.gantry.http.SmallRequests;
import io.gantry.source.SourceException;
import java.io.Closeable;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Access tokens of one service account: fetched when the first is wanted, and anew before one ends
 * or when the store no longer takes it. Used by many threads; one of them fetches, the others wait.
 */
final class AccessTokens implements Closeable {

  /** A request that begins with a token should be answered with it, however busy the store. */
  private static final Duration MARGIN_MAX = Duration.ofMinutes(5);

  /**
   * A token younger than this that is refused has just been fetched by another reader, or is not
   * refused for its age.
   */
  private static final Duration YOUNG = Duration.ofSeconds(10);

  private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";

  private final @Nullable ServiceAccount account;
  private final SmallRequests requests;
  private final InstantSource clock;
  private @Nullable Token token;

  private record Token(String value, Instant fetched, Instant renewAt) {}

  AccessTokens(@Nullable ServiceAccount account, HttpSourceOptions options, InstantSource clock)
      throws IOException {
    this.account = account;
    this.requests = new SmallRequests(options);
    this.clock = clock;
  }

  /**
   * Reads the credentials file, if there is one.
   *
   * @throws SourceException when it cannot be used
   */
  static AccessTokens of(GcsOptions options) throws IOException {
    ServiceAccount account =
        options.credentials().isPresent() && !options.address().emulated()
            ? ServiceAccount.read(options.credentials().get())
            : null;
    return new AccessTokens(account, options.http(), InstantSource.system());
  }

  /** Says whether there is an account at all. */
  boolean given() {
    return account != null;
  }

  /** Returns in whose name requests go out. */
  String owner() {
    return account == null ? "without credentials" : "as " + account;
  }

  /** Returns a token that is still good for a while, nothing for an anonymous request. */
  synchronized Optional<String> current() throws IOException {
    if (account == null) {
      return Optional.empty();
    }
    Token last = token;
    if (last == null || !clock.instant().isBefore(last.renewAt)) {
      last = fetch(account);
      token = last;
    }
    return Optional.of(last.value);
  }

  /** Takes a refused token out of use; says whether the next one may be another one. */
  synchronized boolean renew() {
    Token last = token;
    if (last != null && clock.instant().isAfter(last.fetched.plus(YOUNG))) {
      token = null;
    }
    return account != null;
  }

  private Token fetch(ServiceAccount signer) throws IOException {
    Instant now = clock.instant();
    String form = "grant_type=" + encode(GRANT) + "&assertion=" + encode(signer.assertion(now));
    SmallRequests.Answer answer =
        requests.sendPatiently(
            "no access token for " + signer,
            "POST",
            signer.tokenUri(),
            Map.of("Content-Type", "application/x-www-form-urlencoded"),
            form.getBytes(StandardCharsets.US_ASCII));
    return parse(signer, answer, now);
  }

  /** RFC 6749 sections 5.1 and 5.2. */
  private static Token parse(ServiceAccount signer, SmallRequests.Answer answer, Instant now)
      throws SourceException {
    FlatJson json = json(answer.body());
    Optional<String> value = json.get("access_token");
    if (answer.status() != 200 || value.isEmpty()) {
      throw new SourceException(
          "no access token for %s: %s answers %d %s; check the account's key and this clock"
              .formatted(signer, signer.tokenUri(), answer.status(), refusal(json)),
          false);
    }
    Duration life = json.get("expires_in").flatMap(AccessTokens::seconds).orElse(MARGIN_MAX);
    Duration half = life.dividedBy(2);
    Duration margin = half.compareTo(MARGIN_MAX) < 0 ? half : MARGIN_MAX;
    return new Token(value.get(), now, now.plus(life).minus(margin));
  }

  private static String refusal(FlatJson json) {
    String all =
        json.get("error").orElse("without a token")
            + json.get("error_description").map(why -> ": " + why).orElse("");
    return all.replaceAll("\\s+", " ");
  }

  private static FlatJson json(String body) {
    try {
      return FlatJson.parse(body);
    } catch (IOException _) {
      return new FlatJson(Map.of());
    }
  }

  private static Optional<Duration> seconds(String text) {
    return text.matches("\\d{1,9}")
        ? Optional.of(Duration.ofSeconds(Long.parseLong(text)))
        : Optional.empty();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.US_ASCII);
  }

  /** Breaks off a request for a token. */
  @Override
  public void close() throws IOException {
    requests.close();
  }
}
