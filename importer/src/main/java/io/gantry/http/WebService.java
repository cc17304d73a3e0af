package io.gantry.http;

import io.gantry.source.SourceException;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import java.util.Map;

/**
 * A server that is asked for several things in one run: small documents, which come with whatever
 * status they have, and large bodies, which resume where they break.
 *
 * <p>It has one home origin, which alone sees credentials. Requests are repeated as those of {@link
 * HttpSource} are, also when the server asks for patience with 429 or 503 and {@code Retry-After}.
 *
 * <p>Used by one thread. Closing may happen from any other; it breaks off whatever is being read.
 */
public final class WebService implements Closeable {

  private static final int PIECE = 16 << 10;

  private final URI home;
  private final HttpSourceOptions options;
  private final Connections connections;
  private final ServiceRequester requester;
  private List<String> peer = List.of();

  private WebService(
      URI home, HttpSourceOptions options, Connections connections, ServiceRequester requester) {
    this.home = home;
    this.options = options;
    this.connections = connections;
    this.requester = requester;
  }

  /**
   * Sends nothing yet.
   *
   * @param home a URL of the service; paths are resolved against it
   * @param options with user and password where the service takes Basic auth on every request
   * @param authorizer whom to ask for any other authorization
   * @throws SourceException when the URL is wrong
   * @throws IOException when a CA file cannot be used
   */
  public static WebService at(URI home, HttpSourceOptions options, Authorizer authorizer)
      throws IOException {
    WebAddress address = parse(home);
    Connections connections = new Connections(options);
    RequestHeaders headers = RequestHeaders.of(home, address.origin(), options);
    return new WebService(
        home,
        options,
        connections,
        new ServiceRequester(options, headers, connections, authorizer));
  }

  private static WebAddress parse(URI uri) throws SourceException {
    try {
      return WebAddress.of(uri);
    } catch (IllegalArgumentException e) {
      throw new SourceException(String.valueOf(e.getMessage()), false, e);
    }
  }

  /**
   * Returns a small document, or what the server says instead of it.
   *
   * @param path and query, resolved against the home URL
   * @param accept media types that are understood, as the Accept header has them
   * @param lengthMax bytes accepted
   */
  public Document get(String path, String accept, int lengthMax) throws IOException {
    WebAddress at = parse(home.resolve(path));
    Attempts attempts = new Attempts(at.toString(), at, Patience.resumable(options), connections);
    while (true) {
      try {
        Exchange answer =
            requester.get(at, Map.of("Accept", accept), attempts.patience(), new Cancellation());
        return read(answer, lengthMax);
      } catch (RequestException e) {
        attempts.failed(e);
      }
    }
  }

  /**
   * Opens a body whose content its address fixes for ever, so that parts of several answers can be
   * put together without a validator; the reader checks the digest at the end. Nothing is sent
   * before the first read.
   *
   * @param name for people
   * @param length bytes that it has
   */
  public ReadableByteChannel open(String path, String name, long length) throws IOException {
    if (length == 0) {
      return Channels.newChannel(InputStream.nullInputStream());
    }
    return new ResumingChannel(
        new AddressedFile(
            name, parse(home.resolve(path)), length, options, connections, requester));
  }

  private Document read(Exchange answer, int lengthMax) throws RequestException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    byte[] piece = new byte[PIECE];
    try {
      for (int count = 0; count >= 0; count = answer.read(piece, 0, PIECE)) {
        body.write(piece, 0, count);
        if (body.size() > lengthMax) {
          throw new RequestException(
              RequestException.Kind.FATAL,
              answer.at(),
              "the answer has more than %d bytes".formatted(lengthMax));
        }
      }
    } catch (RequestException e) {
      answer.abort();
      throw e;
    }
    peer = answer.describePeer();
    answer.finish();
    return new Document(
        answer.at(),
        answer.status(),
        answer.header("Content-Type").map(type -> type.split(";", 2)[0].strip()),
        answer.headers("WWW-Authenticate"),
        body.toByteArray());
  }

  /** Returns the URL of the service. */
  public URI home() {
    return home;
  }

  /** Returns what the server of the last document has shown of itself, a line each, for people. */
  public List<String> describePeer() {
    return peer;
  }

  /** Breaks off every request under way, from any thread. */
  @Override
  public void close() throws IOException {
    connections.close();
  }
}
