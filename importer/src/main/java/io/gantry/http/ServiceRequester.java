package io.gantry.http;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Sends one request of a service along its redirects, with the authorization that is right for each
 * hop, and once more where that has run out.
 */
final class ServiceRequester {

  private final HttpSourceOptions options;
  private final RequestHeaders headers;
  private final Sender sender;
  private final Authorizer authorizer;

  ServiceRequester(
      HttpSourceOptions options,
      RequestHeaders headers,
      Connections connections,
      Authorizer authorizer) {
    this.options = options;
    this.headers = headers;
    this.sender = new Sender(headers, connections);
    this.authorizer = authorizer;
  }

  /**
   * Asks {@code start}, and whom it names.
   *
   * @return an answer of any status that asking again would not change
   * @throws RequestException when the server cannot be asked, or is busy
   * @throws io.gantry.source.SourceException when no authorization is to be had
   */
  Exchange get(
      WebAddress start, Map<String, String> asked, Duration patience, Cancellation cancellation)
      throws IOException {
    WebAddress at = start;
    for (int hops = 0; hops <= options.redirectsMax(); hops++) {
      Exchange answer = ask(at, asked, patience, cancellation);
      if (!Requester.REDIRECTS.contains(answer.status())) {
        return notBusy(answer);
      }
      answer.discard();
      at = Requester.follow(at, answer);
    }
    throw RequestException.tooManyRedirects(start, options.redirectsMax(), at);
  }

  private Exchange ask(
      WebAddress at, Map<String, String> asked, Duration patience, Cancellation cancellation)
      throws IOException {
    if (!headers.isHome(at.origin())) {
      return sender.get(at, asked, patience, cancellation);
    }
    Exchange answer = sender.get(at, authorized(asked), patience, cancellation);
    if (answer.status() != 401 || !renewed(answer)) {
      return answer;
    }
    answer.discard();
    return sender.get(at, authorized(asked), patience, cancellation);
  }

  private boolean renewed(Exchange answer) throws IOException {
    try {
      return authorizer.renew(answer.headers("WWW-Authenticate"));
    } catch (IOException | RuntimeException e) {
      answer.abort();
      throw e;
    }
  }

  private Map<String, String> authorized(Map<String, String> asked) throws IOException {
    Optional<String> authorization = authorizer.authorization();
    if (authorization.isEmpty()) {
      return asked;
    }
    Map<String, String> all = new LinkedHashMap<>(asked);
    all.put("Authorization", authorization.get());
    return all;
  }

  private static Exchange notBusy(Exchange answer) throws RequestException {
    if (!Requester.isBusy(answer.status())) {
      return answer;
    }
    answer.discard();
    throw new RequestException(
        RequestException.Kind.TRANSIENT,
        answer.at(),
        "answers %d: the server is busy or failed, try again later".formatted(answer.status()),
        Requester.retryAfter(answer),
        answer.status());
  }
}
