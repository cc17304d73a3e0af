package io.gantry.http;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.jspecify.annotations.Nullable;

/** Sends one request along its redirects, and sorts out the answers that bring no bytes. */
final class Requester {

  private static final Predicate<String> LENGTH = Pattern.compile("\\d{1,18}").asMatchPredicate();

  /** Encodings that nothing here takes off: those of IANA's registry, and what servers make up. */
  private static final Set<String> UNDECODABLE =
      Set.of(
          "br",
          "compress",
          "x-compress",
          "dcb",
          "dcz",
          "deflate",
          "exi",
          "pack200-gzip",
          "lz4",
          "bzip2",
          "x-bzip2");

  private static final int PARTIAL = 206;
  private static final int UNSATISFIABLE = 416;
  static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  /** Answers that credentials made anew may change; S3 calls an old token a bad request. */
  private static final Set<Integer> DENIALS = Set.of(400, 401, 403);

  /** Asking later may help; the rest of 5xx says that the server cannot do what we ask. */
  private static final Set<Integer> BUSY = Set.of(408, 425, 429, 500, 502, 503, 504, 507, 509, 520);

  private final HttpSourceOptions options;
  private final RequestHeaders headers;
  private final Sender sender;
  private final @Nullable StoreAccess access;

  /**
   * Makes requests.
   *
   * @param access what an object store wants to see, where it is one that is asked
   */
  Requester(
      HttpSourceOptions options,
      RequestHeaders headers,
      Connections connections,
      @Nullable StoreAccess access) {
    this.options = options;
    this.headers = headers;
    this.sender = new Sender(headers, connections);
    this.access = access;
  }

  /**
   * Asks {@code start}, and whom it names, for a range or, without one, for everything.
   *
   * @param conditions headers that let the server send no range when the content is another one
   * @param patience how long a byte is waited for
   * @return an answer with status 200, 206 or 416
   */
  Exchange get(
      WebAddress start,
      Optional<ByteRange> range,
      Map<String, String> conditions,
      Duration patience,
      Cancellation cancellation)
      throws RequestException {
    Map<String, String> asked = new LinkedHashMap<>(conditions);
    range.ifPresent(bytes -> asked.put("Range", bytes.header()));
    if (range.isEmpty()) {
      // RFC 9110 section 13.1.5: without a Range it must not be there.
      asked.remove("If-Range");
    }
    WebAddress at = start;
    for (int hops = 0; hops <= options.redirectsMax(); hops++) {
      Exchange answer = askOf(at, asked, patience, cancellation);
      if (!leadsOn(answer)) {
        return bringsBytes(answer);
      }
      answer.discard();
      at = follow(at, answer);
    }
    throw RequestException.tooManyRedirects(start, options.redirectsMax(), at);
  }

  /** S3 tells of a bucket elsewhere with a redirect that leads nowhere. */
  private boolean leadsOn(Exchange answer) {
    return REDIRECTS.contains(answer.status())
        && (access == null || answer.header("Location").isPresent());
  }

  /** Returns where a redirect leads. */
  static WebAddress follow(WebAddress from, Exchange answer) throws RequestException {
    Optional<String> location = answer.header("Location");
    try {
      return from.resolve(
          location.orElseThrow(() -> new IllegalArgumentException("a redirect without Location")));
    } catch (IllegalArgumentException e) {
      String message = "answers %d: %s".formatted(answer.status(), e.getMessage());
      throw new RequestException(RequestException.Kind.FATAL, from, message, Optional.empty(), e);
    }
  }

  private Exchange askOf(
      WebAddress at, Map<String, String> asked, Duration patience, Cancellation cancellation)
      throws RequestException {
    StoreAccess store = headers.isHome(at.origin()) ? access : null;
    if (store == null) {
      return sender.get(at, asked, patience, cancellation);
    }
    try {
      Exchange answer = sender.get(at, authorized(store, at, asked), patience, cancellation);
      return DENIALS.contains(answer.status()) && store.renew(answer.refusal())
          ? sender.get(at, authorized(store, at, asked), patience, cancellation)
          : answer;
    } catch (IOException e) {
      throw RequestException.of(at, e);
    }
  }

  private static Map<String, String> authorized(
      StoreAccess store, WebAddress at, Map<String, String> asked) throws IOException {
    Map<String, String> all = new LinkedHashMap<>(asked);
    all.put("Host", at.origin().authority());
    all.putAll(store.authorize(URI.create(at.origin() + at.target()), all));
    return all;
  }

  /** Returns a request with what its way asks for: a proxy wants the whole URL, everybody Host. */
  static ClassicHttpRequest begin(String method, WebAddress at, Connection connection) {
    BasicClassicHttpRequest request = new BasicClassicHttpRequest(method, "/");
    request.setPath(connection.isForwarded() ? at.origin() + at.target() : at.target());
    if (connection.isForwarded()) {
      if (connection.forwardAuthorization().isPresent()) {
        request.setHeader("Proxy-Authorization", connection.forwardAuthorization().get());
      }
    }
    request.setHeader("Host", at.origin().authority());
    return request;
  }

  /** Says whether the same request may succeed later. */
  static boolean isBusy(int status) {
    return BUSY.contains(status);
  }

  private Exchange bringsBytes(Exchange answer) throws RequestException {
    int status = answer.status();
    if (status == UNSATISFIABLE) {
      return answer;
    }
    if (status != PARTIAL && status != 200) {
      throw refused(answer);
    }
    checkEncoding(answer);
    return answer;
  }

  /**
   * Some servers call a {@code .gz} or {@code .zst} file a gzip-encoded something, though we ask
   * for identity. The bytes are taken as they are, since what reads them looks for such wrappings
   * anyway; so are they where the name is none of an encoding (aws-chunked, as some objects were
   * stored). What we cannot decode would be written as if it were a disk, and is refused.
   */
  private static void checkEncoding(Exchange answer) throws RequestException {
    Optional<String> encoding =
        answer.header("Content-Encoding").map(text -> text.toLowerCase(Locale.ROOT));
    if (encoding.isPresent()
        && !Collections.disjoint(UNDECODABLE, List.of(encoding.get().split("[,\\s]+")))) {
      answer.abort();
      throw new RequestException(
          RequestException.Kind.FATAL,
          answer.at(),
          "sends Content-Encoding %s though asked for identity, turn that off on the server"
              .formatted(encoding.get()));
    }
  }

  /**
   * Asks the server that gave an answer for the headers alone.
   *
   * @return the length that it would send, nothing when it does not tell
   */
  OptionalLong lengthTold(WebAddress at, Duration patience) {
    try {
      Exchange answer = sender.head(at, patience);
      answer.abort();
      Optional<String> length = answer.header("Content-Length").filter(LENGTH);
      return answer.status() == 200 && length.isPresent()
          ? OptionalLong.of(Long.parseLong(length.get()))
          : OptionalLong.empty();
    } catch (RequestException _) {
      // Many servers know no HEAD, and nothing depends on it.
      return OptionalLong.empty();
    }
  }

  /** Returns what is said of a status that brings nothing, in the words that operators know. */
  static String unexpected(Exchange answer) {
    return "expected status code 200, got %d. Status: %s"
        .formatted(answer.status(), answer.statusLine());
  }

  private RequestException refused(Exchange answer) {
    if (access != null && headers.isHome(answer.at().origin())) {
      return refused(answer, access.meaning(answer.refusal()));
    }
    answer.discard();
    int status = answer.status();
    RequestException.Kind kind =
        switch (status) {
          case 401, 403, 404, 410 -> RequestException.Kind.LINK_LOST;
          case 412 -> RequestException.Kind.CHANGED;
          default ->
              BUSY.contains(status) ? RequestException.Kind.TRANSIENT : RequestException.Kind.FATAL;
        };
    String message = "%s; %s".formatted(unexpected(answer), advice(answer));
    return new RequestException(kind, answer.at(), message, retryAfter(answer), status);
  }

  private static RequestException refused(Exchange answer, Refusal.Meaning meaning) {
    RequestException.Kind kind =
        switch (meaning.prospect()) {
          case SOON -> RequestException.Kind.TRANSIENT;
          case LATER -> RequestException.Kind.LATER;
          case NEVER -> RequestException.Kind.FATAL;
        };
    return new RequestException(
        kind, answer.at(), meaning.text(), retryAfter(answer), answer.status());
  }

  private String advice(Exchange answer) {
    return switch (answer.status()) {
      case 401 -> needsCredentials(answer.at().origin());
      case 403 -> "access refused, or the link has expired";
      case 404 -> "no such file, check the URL";
      case 407 -> "the proxy wants a user and password: put them in the proxy variable's URL";
      case 410 -> "the file is gone";
      case 429, 503 -> "the server is busy, try again later";
      default -> BUSY.contains(answer.status()) ? "the server failed" : "is the URL right?";
    };
  }

  private String needsCredentials(Origin origin) {
    if (!headers.hasSecrets()) {
      return "it needs credentials, give a user and password or a header";
    }
    return headers.isHome(origin)
        ? "the credentials are refused"
        : "credentials are sent to %s alone, not where it redirects".formatted(headers.home());
  }

  /** RFC 9110 section 10.2.3: seconds, or a date. */
  static Optional<Duration> retryAfter(Exchange answer) {
    return answer.header("Retry-After").flatMap(Requester::parseRetryAfter);
  }

  private static Optional<Duration> parseRetryAfter(String text) {
    try {
      if (text.matches("\\d{1,9}")) {
        return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
      }
      Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration wait = Duration.between(Instant.now(), then);
      return wait.isPositive() ? Optional.of(wait) : Optional.empty();
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }
}
