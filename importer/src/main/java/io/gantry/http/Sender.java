package io.gantry.http;

import java.io.IOException;
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

  /**
   * A kept connection may have been closed by the server at any time (RFC 9112 section 9.3.1); that
   * is no failure, the request goes out again on a new one.
   *
   * @param asked headers beside the usual ones
   */
  Exchange get(WebAddress at, Map<String, String> asked, Cancellation cancellation)
      throws RequestException {
    Optional<Connection> kept = connections.takeIdle(at.origin());
    if (kept.isPresent()) {
      try {
        return send(at, kept.get(), asked, cancellation);
      } catch (IOException _) {
        // asked again below
      }
    }
    try {
      Connection fresh = connections.connect(at.origin());
      return send(at, fresh, asked, cancellation);
    } catch (ProxyException e) {
      RequestException.Kind kind =
          e.mayPass() ? RequestException.Kind.TRANSIENT : RequestException.Kind.FATAL;
      throw new RequestException(kind, at, String.valueOf(e.getMessage()), Optional.empty(), e);
    } catch (IOException e) {
      throw RequestException.of(at, e);
    }
  }

  private Exchange send(
      WebAddress at, Connection connection, Map<String, String> asked, Cancellation cancellation)
      throws IOException {
    try {
      cancellation.use(connection);
      ClassicHttpRequest request = request(at, connection, asked);
      ClassicHttpResponse response = connection.exchange(request);
      return new Exchange(at, response, connection, connections, cancellation);
    } catch (IOException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private ClassicHttpRequest request(
      WebAddress at, Connection connection, Map<String, String> asked) {
    ClassicHttpRequest request = Requester.begin("GET", at, connection);
    request.setHeader("Accept", "*/*");
    request.setHeader("Accept-Encoding", "identity");
    headers.addTo(request, at.origin());
    asked.forEach(request::setHeader);
    return request;
  }
}
