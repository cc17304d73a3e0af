package io.gantry.http;

import io.gantry.source.SourceException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.jspecify.annotations.Nullable;

/**
 * Requests whose body and answer fit in memory: how tokens and other credentials are fetched. They
 * go the way that images come, with the same authorities, proxies and patience; redirects are not
 * followed, for what is sent is secret.
 *
 * <p>Used by many threads; closing breaks off what is under way.
 */
public final class SmallRequests implements Closeable {

  /** A token has some kilobytes; what is much larger is something else. */
  private static final int ANSWER_MAX = 1 << 20;

  private static final int ATTEMPTS_MAX = 4;

  /** Ours to set, whatever the caller says. */
  private static final Set<String> OURS =
      Set.of("host", "content-length", "transfer-encoding", "connection", "expect", "user-agent");

  private final HttpSourceOptions options;
  private final Connections connections;

  /**
   * A whole answer.
   *
   * @param headers their names in lower case
   * @param body a text in UTF-8, as JSON and XML are
   */
  public record Answer(int status, Map<String, String> headers, String body) {}

  /**
   * Connects to nobody yet. Of the options, credentials and headers are not sent.
   *
   * @throws IOException when a CA file cannot be used
   */
  public SmallRequests(HttpSourceOptions options) throws IOException {
    this.options = options;
    this.connections = new Connections(options);
  }

  /**
   * Sends a request until it is answered by something else than a failing network or a busy server.
   *
   * @param purpose what the request is for, as the message of a failure begins
   * @throws SourceException when there is no answer
   */
  public Answer sendPatiently(
      String purpose, String method, URI uri, Map<String, String> headers, byte[] body)
      throws IOException {
    WebAddress at = address(uri);
    Patience patience = Patience.resumable(options).withAttempts(ATTEMPTS_MAX);
    Attempts attempts = new Attempts(purpose, at, patience, connections);
    while (true) {
      try {
        Answer answer = send(at, method, headers, body);
        if (!Requester.isBusy(answer.status())) {
          return answer;
        }
        throw new RequestException(
            RequestException.Kind.TRANSIENT,
            at,
            "%s answers %d, the server failed".formatted(at, answer.status()));
      } catch (RequestException e) {
        attempts.failed(e);
      }
    }
  }

  /** Sends a request once. */
  public Answer send(String method, URI uri, Map<String, String> headers, byte[] body)
      throws IOException {
    return send(address(uri), method, headers, body);
  }

  private static WebAddress address(URI uri) throws SourceException {
    try {
      return WebAddress.of(uri);
    } catch (IllegalArgumentException e) {
      throw new SourceException(String.valueOf(e.getMessage()), false, e);
    }
  }

  private Answer send(WebAddress at, String method, Map<String, String> headers, byte[] body)
      throws RequestException {
    try (Connection connection = connections.connect(at.origin())) {
      ClassicHttpRequest request = Requester.begin(method, at, connection);
      request.setHeader("User-Agent", options.userAgent());
      request.setHeader("Connection", "close");
      headers.forEach(
          (name, value) -> {
            if (!OURS.contains(name.toLowerCase(Locale.ROOT))) {
              request.setHeader(name, value);
            }
          });
      if (body.length > 0) {
        request.setHeader("Content-Length", Integer.toString(body.length));
        request.setEntity(new ByteArrayEntity(body, null));
      }
      return read(connection.exchange(request));
    } catch (ProxyException e) {
      RequestException.Kind kind =
          e.mayPass() ? RequestException.Kind.TRANSIENT : RequestException.Kind.FATAL;
      throw new RequestException(kind, at, String.valueOf(e.getMessage()), Optional.empty(), e);
    } catch (IOException e) {
      throw RequestException.of(at, e);
    }
  }

  private static Answer read(ClassicHttpResponse response) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Header header : response.getHeaders()) {
      headers.putIfAbsent(header.getName().toLowerCase(Locale.ROOT), header.getValue());
    }
    @Nullable HttpEntity entity = response.getEntity();
    String body = entity == null ? "" : readText(entity.getContent());
    return new Answer(response.getCode(), headers, body);
  }

  private static String readText(InputStream in) throws IOException {
    byte[] body = in.readNBytes(ANSWER_MAX + 1);
    if (body.length > ANSWER_MAX) {
      throw new IOException("the answer has more than %d bytes".formatted(ANSWER_MAX));
    }
    return new String(body, StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    connections.close();
  }
}
