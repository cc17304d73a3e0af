package io.gantry.runtime;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * Serves one page of metrics over HTTPS, whatever path is asked for: the way the controller, and
 * Prometheus, find out how far a worker is.
 */
public final class MetricsServer implements AutoCloseable {

  /** The port that the worker pods declare. */
  public static final int PORT = 8443;

  /** Text format 0.0.4 (Prometheus, "Exposition formats"). */
  private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** The reference's name. */
  private static final String CERTIFICATE_NAME = "cloner_target";

  private static final int THREADS = 2;
  private static final int STATUS_OK = 200;

  private final HttpsServer server;
  private final ExecutorService threads;

  private MetricsServer(HttpsServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * Listens on {@code port} with a certificate made for the first client.
   *
   * @param port 0 for any free one
   * @param page makes the page, at every request
   */
  public static MetricsServer start(int port, Supplier<String> page) throws IOException {
    HttpsServer server = HttpsServer.create(new InetSocketAddress(port), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(new LateSslContext(MetricsServer::context)));
    server.createContext("/", exchange -> answer(exchange, page));
    ExecutorService threads =
        Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().daemon().name("metrics-", 0).factory());
    server.setExecutor(threads);
    server.start();
    return new MetricsServer(server, threads);
  }

  public int port() {
    return server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange, Supplier<String> page) throws IOException {
    try (exchange) {
      byte[] body = page.get().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", CONTENT_TYPE);
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(STATUS_OK, head ? -1 : body.length);
      if (!head) {
        try (OutputStream out = exchange.getResponseBody()) {
          out.write(body);
        }
      }
    }
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
    server.stop(0);
    threads.shutdownNow();
  }
}
