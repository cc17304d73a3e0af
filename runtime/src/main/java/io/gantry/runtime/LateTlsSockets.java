package io.gantry.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.apache.hc.core5.io.Closer;
import org.jspecify.annotations.Nullable;

/**
 * Makes server sockets that speak TLS, whose context is made when the first client connects: it
 * takes a cold JVM a tenth of a second, and many a server is never called.
 */
final class LateTlsSockets extends ServerSocketFactory {

  /** A thread waits for each client; when there are more, the first of them is hung up on. */
  static final int CLIENTS_MAX = 16;

  /** Before the next attempt to accept anybody, as when there are too many open files. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Supplier<SSLContext> make;

  /**
   * @param make makes the context, once for each server socket
   */
  LateTlsSockets(Supplier<SSLContext> make) {
    this.make = make;
  }

  @Override
  public ServerSocket createServerSocket(int port) throws IOException {
    return createServerSocket(port, 0);
  }

  @Override
  public ServerSocket createServerSocket(int port, int backlog) throws IOException {
    return createServerSocket(port, backlog, null);
  }

  @Override
  public ServerSocket createServerSocket(int port, int backlog, @Nullable InetAddress address)
      throws IOException {
    ServerSocket server = new TlsServerSocket(make);
    try {
      server.bind(new InetSocketAddress(address, port), backlog);
      return server;
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  /** The handshake is left to whoever first reads from what was accepted. */
  private static final class TlsServerSocket extends ServerSocket {

    private final Supplier<SSLContext> make;
    private final Deque<Socket> clients = new ArrayDeque<>();
    private @Nullable SSLSocketFactory factory;

    TlsServerSocket(Supplier<SSLContext> make) throws IOException {
      this.make = make;
    }

    private synchronized SSLSocketFactory factory() {
      SSLSocketFactory made = factory;
      if (made == null) {
        made = make.get().getSocketFactory();
        factory = made;
      }
      return made;
    }

    /**
     * Waits for a client that can be served. What goes wrong with one, or now and then with the
     * network (accept(2) names a dozen), must not reach the caller, who would never accept again.
     */
    @Override
    public Socket accept() throws IOException {
      while (true) {
        Socket plain = acceptPlain();
        try {
          makeRoomFor(plain);
          InputStream nothingRead = null;
          return factory().createSocket(plain, nothingRead, true);
        } catch (IOException | RuntimeException _) {
          Closer.closeQuietly(plain);
        }
      }
    }

    private Socket acceptPlain() throws IOException {
      while (true) {
        try {
          return super.accept();
        } catch (IOException e) {
          if (isClosed()) {
            throw e;
          }
          pause();
        }
      }
    }

    private static void pause() throws InterruptedIOException {
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while waiting for clients");
      }
    }

    private synchronized void makeRoomFor(Socket client) {
      clients.removeIf(Socket::isClosed);
      while (clients.size() >= CLIENTS_MAX) {
        Closer.closeQuietly(clients.removeFirst());
      }
      clients.addLast(client);
    }
  }
}
