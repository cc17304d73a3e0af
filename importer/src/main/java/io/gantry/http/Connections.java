package io.gantry.http;

import io.gantry.runtime.ProxyServer;
import io.gantry.runtime.ProxyVariables;
import io.gantry.runtime.TlsMaterial;
import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections, keeps the idle ones for the next request, and drops all of them at the end.
 *
 * <p>This is where httpcore replaces the client built on top of it: a run has a handful of
 * connections and its own rules for redirects, retries and credentials, and starting without the
 * client's chain of handlers saves most of its cold start.
 */
final class Connections implements Closeable {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);

  /** The reference's own; a handshake is some kilobytes each way. */
  private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

  /** Requests in flight come to four; more idle connections only annoy the server. */
  private static final int IDLE_MAX = 4;

  private final HttpSourceOptions options;
  private final ProxyVariables proxies;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicLong retries = new AtomicLong();
  private final Set<Socket> open = new HashSet<>();
  private final Deque<Connection> idle = new ArrayDeque<>();
  private @Nullable TlsMaterial tls;

  /** Reads the CA files at once, if there are any; the runtime's own only when TLS is spoken. */
  Connections(HttpSourceOptions options) throws IOException {
    this.options = options;
    this.proxies = ProxyVariables.of(options.env());
    if (!options.caFiles().isEmpty()) {
      tls();
    }
  }

  /** Returns an idle connection to {@code origin}, if there is one. */
  synchronized Optional<Connection> takeIdle(Origin origin) {
    for (Connection connection : idle) {
      if (connection.origin().equals(origin)) {
        idle.remove(connection);
        return Optional.of(connection);
      }
    }
    return Optional.empty();
  }

  /** Keeps a connection whose last answer was read to its end. */
  void giveBack(Connection connection) {
    synchronized (this) {
      if (!isClosed() && idle.size() < IDLE_MAX) {
        idle.addFirst(connection);
        return;
      }
    }
    connection.close();
  }

  /** Connects to {@code origin}, through a proxy where the environment asks for one. */
  Connection connect(Origin origin) throws IOException {
    Optional<ProxyServer> proxy = proxyFor(origin);
    return proxy.isPresent() ? connectThrough(proxy.get(), origin) : connectDirectly(origin);
  }

  private Optional<ProxyServer> proxyFor(Origin origin) throws IOException {
    try {
      return proxies.proxyFor(origin.scheme(), origin.host(), origin.port());
    } catch (IllegalArgumentException e) {
      throw new ProxyException(e.getMessage(), false, e);
    }
  }

  private Connection connectDirectly(Origin origin) throws IOException {
    Socket socket = reach(origin.host(), origin.port());
    try {
      @Nullable SSLSocket secured = origin.isTls() ? secure(socket, origin) : null;
      return new Connection(origin, socket, secured, false, Optional.empty());
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private Connection connectThrough(ProxyServer proxy, Origin origin) throws IOException {
    Socket socket = reachProxy(proxy);
    try {
      @Nullable SSLSocket toProxy = proxy.tls() ? secureProxy(socket, proxy) : null;
      if (!origin.isTls()) {
        return new Connection(origin, socket, toProxy, true, proxy.authorization());
      }
      tunnel(proxy, origin, new Connection(origin, socket, toProxy, false, Optional.empty()));
      SSLSocket secured = secure(toProxy == null ? socket : toProxy, origin);
      return new Connection(origin, socket, secured, false, Optional.empty());
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private Socket reachProxy(ProxyServer proxy) throws IOException {
    try {
      return reach(proxy.host(), proxy.port());
    } catch (IOException e) {
      throw new ProxyException("proxy %s: %s".formatted(proxy, e.getMessage()), true, e);
    }
  }

  private SSLSocket secureProxy(Socket socket, ProxyServer proxy) throws IOException {
    try {
      return handshake(socket, proxy.host(), proxy.port());
    } catch (IOException e) {
      throw new ProxyException("TLS with proxy %s: %s".formatted(proxy, e.getMessage()), false, e);
    }
  }

  /** Asks for a tunnel, RFC 9110 section 9.3.6. */
  private void tunnel(ProxyServer proxy, Origin origin, Connection connection) throws IOException {
    ClassicHttpRequest request = new BasicClassicHttpRequest("CONNECT", "/");
    request.setPath(origin.hostAndPort());
    request.setHeader("Host", origin.hostAndPort());
    request.setHeader("User-Agent", options.userAgent());
    if (proxy.authorization().isPresent()) {
      request.setHeader("Proxy-Authorization", proxy.authorization().get());
    }
    ClassicHttpResponse response = connection.exchangeHeaders(request);
    int status = response.getCode();
    if (status == 407) {
      throw new ProxyException(ProxyException.wantsCredentials(proxy), false, null);
    }
    if (status / 100 != 2) {
      throw new ProxyException(
          "proxy %s refuses to connect to %s: status %d".formatted(proxy, origin, status),
          status >= 500,
          null);
    }
  }

  private SSLSocket secure(Socket socket, Origin origin) throws IOException {
    return handshake(socket, origin.host(), origin.port());
  }

  private SSLSocket handshake(Socket socket, String host, int port) throws IOException {
    TlsMaterial material = tls();
    Duration before = Duration.ofMillis(socket.getSoTimeout());
    socket.setSoTimeout(Math.toIntExact(handshakeTimeout(before).toMillis()));
    try {
      SSLSocket secured = material.handshake(socket, host, port);
      socket.setSoTimeout(Math.toIntExact(before.toMillis()));
      return secured;
    } catch (SSLException | SocketTimeoutException e) {
      throw timedOut(e) ? connecting("TLS handshake timeout, the server is silent", e) : e;
    }
  }

  private static Duration handshakeTimeout(Duration patience) {
    return patience.compareTo(HANDSHAKE_TIMEOUT) < 0 ? patience : HANDSHAKE_TIMEOUT;
  }

  private static boolean timedOut(IOException failure) {
    return failure instanceof SocketTimeoutException
        || failure.getCause() instanceof SocketTimeoutException;
  }

  private static ConnectException connecting(String what, IOException cause) {
    ConnectException failure = new ConnectException(what);
    failure.initCause(cause);
    return failure;
  }

  private synchronized TlsMaterial tls() throws IOException {
    if (tls == null) {
      tls = TlsMaterial.of(options.caFiles(), options.insecure());
    }
    return tls;
  }

  /** Connects to the first address that answers, in the order the resolver prefers. */
  private Socket reach(String host, int port) throws IOException {
    @Nullable IOException failure = null;
    for (InetAddress address : resolve(host)) {
      Socket socket = newSocket();
      try {
        int timeout = Math.toIntExact(CONNECT_TIMEOUT.toMillis());
        socket.connect(new InetSocketAddress(address, port), timeout);
        return socket;
      } catch (IOException e) {
        socket.close();
        failure =
            timedOut(e)
                ? connecting("no answer within %d s".formatted(CONNECT_TIMEOUT.toSeconds()), e)
                : e;
      }
    }
    throw failure == null ? new UnknownHostException(host) : failure;
  }

  /**
   * When Java is first asked for a name, it looks for a resolver that somebody may have brought
   * along, where the thread's class loader says. Ours would have it open every jar.
   */
  private static InetAddress[] resolve(String host) throws UnknownHostException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
    try {
      return InetAddress.getAllByName(host);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private Socket newSocket() throws IOException {
    Socket socket = new Socket();
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(Math.toIntExact(options.reconnectAfter().toMillis()));
    synchronized (this) {
      if (!isClosed()) {
        open.removeIf(Socket::isClosed);
        open.add(socket);
        return socket;
      }
    }
    socket.close();
    throw new IOException("closed");
  }

  /** Notes that a request is sent again. */
  void countRetry() {
    retries.incrementAndGet();
  }

  long retries() {
    return retries.get();
  }

  boolean isClosed() {
    return closed.getCount() == 0;
  }

  /** Waits; returns early, with true, when everything is closed meanwhile. */
  boolean awaitClosed(Duration pause) throws InterruptedException {
    return closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Breaks off every request under way, from any thread. */
  @Override
  public void close() throws IOException {
    Set<Socket> sockets;
    synchronized (this) {
      closed.countDown();
      idle.clear();
      sockets = new HashSet<>(open);
      open.clear();
    }
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
