package io.gantry.http;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;

/** Puts one request on a connection and returns its answer, whatever it is. */
final class Sender {

  private final RequestHeaders headers;
  private final Connections connections;

  Sender(RequestHeaders headers, Connections connections) {
    this.headers = headers;
    this.connections = connections;
  }

  /** Asks for the headers alone, on a connection of its own. */
  Exchange head(WebAddress at, Duration patience) throws RequestException {
    Cancellation cancellation = new Cancellation();
    return onNewConnection("HEAD", at, Map.of(), patience, cancellation);
  }

  /**
   * A kept connection may have been closed by the server at any time (RFC 9112 section 9.3.1); that
   * is no failure, the request goes out again on a new one.
   *
   * @param asked headers beside the usual ones
   * @param patience how long a byte is waited for
   */
  Exchange get(
      WebAddress at, Map<String, String> asked, Duration patience, Cancellation cancellation)
      throws RequestException {
    Optional<Connection> kept = connections.takeIdle(at.origin());
    if (kept.isPresent()) {
      try {
        return send("GET", at, kept.get(), asked, patience, cancellation);
      } catch (IOException _) {
        // asked again below
      }
    }
    return onNewConnection("GET", at, asked, patience, cancellation);
  }

  private Exchange onNewConnection(
      String method,
      WebAddress at,
      Map<String, String> asked,
      Duration patience,
      Cancellation cancellation)
      throws RequestException {
    try {
      Connection fresh = connections.connect(at.origin());
      return send(method, at, fresh, asked, patience, cancellation);
    } catch (ProxyException e) {
      RequestException.Kind kind =
          e.mayPass() ? RequestException.Kind.TRANSIENT : RequestException.Kind.FATAL;
      throw new RequestException(kind, at, String.valueOf(e.getMessage()), Optional.empty(), e);
    } catch (IOException e) {
      throw RequestException.of(at, e);
    }
  }

  private Exchange send(
      String method,
      WebAddress at,
      Connection connection,
      Map<String, String> asked,
      Duration patience,
      Cancellation cancellation)
      throws IOException {
    try {
      cancellation.use(connection);
      connection.waitFor(patience);
      ClassicHttpRequest request = request(method, at, connection, asked);
      ClassicHttpResponse response = connection.exchange(request);
      return new Exchange(at, response, connection, connections, cancellation);
    } catch (IOException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private ClassicHttpRequest request(
      String method, WebAddress at, Connection connection, Map<String, String> asked) {
    ClassicHttpRequest request = Requester.begin(method, at, connection);
    request.setHeader("Accept-Encoding", "identity");
    headers.addTo(request, at.origin());
    if (!request.containsHeader("Accept")) {
      request.setHeader("Accept", "*/*");
    }
    asked.forEach(request::setHeader);
    return request;
  }
}
