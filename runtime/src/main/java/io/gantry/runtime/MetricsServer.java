package io.gantry.runtime;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.impl.HttpProcessors;
import org.apache.hc.core5.http.impl.bootstrap.HttpServer;
import org.apache.hc.core5.http.impl.bootstrap.ServerBootstrap;
import org.apache.hc.core5.http.io.HttpRequestHandler;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.io.CloseMode;

/**
 * Serves one page of metrics over HTTPS, whatever path is asked for: the way the controller, and
 * Prometheus, find out how far a worker is.
 */
public final class MetricsServer implements AutoCloseable {

  /** The port that the worker pods declare. */
  public static final int PORT = 8443;

  /** Text format 0.0.4 (Prometheus, "Exposition formats"). */
  private static final ContentType CONTENT_TYPE =
      ContentType.parse("text/plain; version=0.0.4; charset=utf-8");

  /** The reference's name. */
  private static final String CERTIFICATE_NAME = "cloner_target";

  private static final String SERVER_NAME = "gantry";

  /** A client that says nothing keeps a thread. */
  private static final int SILENCE_SECONDS = 30;

  private final HttpServer server;

  private MetricsServer(HttpServer server) {
    this.server = server;
  }

  /**
   * Listens on {@code port} with a certificate made for the first client.
   *
   * @param port 0 for any free one
   * @param page makes the page, at every request
   */
  public static MetricsServer start(int port, Supplier<String> page) throws IOException {
    HttpRequestHandler pages = (_, response, _) -> answer(response, page);
    HttpServer server =
        ServerBootstrap.bootstrap()
            .setListenerPort(port)
            // Left to find out names by itself, it opens every jar, 20 ms of processor time.
            .setCanonicalHostName(SERVER_NAME)
            .setHttpProcessor(HttpProcessors.server(SERVER_NAME))
            .setSocketConfig(
                SocketConfig.custom().setSoTimeout(SILENCE_SECONDS, TimeUnit.SECONDS).build())
            .setServerSocketFactory(new LateTlsSockets(MetricsServer::context))
            .setRequestRouter((_, _) -> pages)
            .create();
    server.start();
    return new MetricsServer(server);
  }

  public int port() {
    return server.getLocalPort();
  }

  private static void answer(ClassicHttpResponse response, Supplier<String> page) {
    response.setEntity(new StringEntity(page.get(), CONTENT_TYPE));
  }

  /** Trusts nobody, since no client is asked for a certificate; so no trust store is read. */
  private static SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      KeyManager[] keys = {new SelfSignedKeys(CERTIFICATE_NAME)};
      context.init(keys, new TrustManager[0], null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has TLS", e);
    }
  }

  @Override
  public void close() {
    server.close(CloseMode.IMMEDIATE);
  }
}
