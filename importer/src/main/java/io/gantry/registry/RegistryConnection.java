package io.gantry.registry;

import io.gantry.http.Document;
import io.gantry.http.HttpSourceOptions;
import io.gantry.http.WebService;
import io.gantry.source.SourceException;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** A registry that answers, and how it is spoken to (OCI distribution-spec). */
record RegistryConnection(Endpoint endpoint, WebService web, RegistryLogin login)
    implements Closeable {

  /** Distribution-spec, "Determining Support": every registry answers here, if only with 401. */
  private static final String PING = "/v2/";

  private static final int PING_BYTES_MAX = 1 << 20;

  /** Whoever may fall back to plain HTTP does not wait long for TLS. */
  private static final int ATTEMPTS_BEFORE_PLAIN = 2;

  /**
   * Connects over HTTPS, or, where insecure access is allowed, over plain HTTP when that fails.
   *
   * @param http with the user's login, if there is one for this endpoint
   */
  static RegistryConnection open(
      Endpoint endpoint, Optional<Credentials> credentials, HttpSourceOptions http)
      throws IOException {
    if (!http.insecure()) {
      return open("https", endpoint, credentials, http);
    }
    try {
      return open("https", endpoint, credentials, http.withAttempts(ATTEMPTS_BEFORE_PLAIN));
    } catch (SourceException overTls) {
      try {
        return open("http", endpoint, credentials, http);
      } catch (SourceException plain) {
        throw new SourceException(
            "%s; %s".formatted(overTls.getMessage(), plain.getMessage()), plain.retryable(), plain);
      }
    }
  }

  private static RegistryConnection open(
      String scheme, Endpoint endpoint, Optional<Credentials> credentials, HttpSourceOptions http)
      throws IOException {
    RegistryLogin login = new RegistryLogin(endpoint.repository(), credentials, http);
    WebService web = WebService.at(uri(scheme, endpoint.server()), http.withoutLogin(), login);
    RegistryConnection connection = new RegistryConnection(endpoint, web, login);
    try {
      connection.ping();
      return connection;
    } catch (IOException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private static URI uri(String scheme, String server) throws SourceException {
    try {
      return new URI(scheme + "://" + server + "/");
    } catch (URISyntaxException e) {
      throw new SourceException("registry \"%s\" is no host".formatted(server), false, e);
    }
  }

  private void ping() throws IOException {
    Document answer = web.get(PING, "application/json", PING_BYTES_MAX);
    if (answer.status() != 200 && answer.status() != 401) {
      throw answer.refusal(
          "%s is no registry that we know: it answers %d at %s, expected 200 or 401"
              .formatted(endpoint.server(), answer.status(), PING));
    }
    login.pinged(answer.challenges());
  }

  @Override
  public void close() throws IOException {
    try (web) {
      login.close();
    }
  }
}
