package io.gantry.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bad network in front of a server on 127.0.0.1: cuts connections, delays answers, falls silent;
 * and counts what passes.
 *
 * <p>A socket that a thread waits on lives until that thread has noticed that it was closed; what
 * arrives meanwhile must not pass, so everything looks at {@link #closed} before going on.
 */
public final class FaultyLink implements Closeable {

  private static final long NEVER = Long.MAX_VALUE;

  private final ServerSocket listener;
  private final int serverPort;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger stallsLeft = new AtomicInteger();
  private volatile long cutEvery = NEVER;
  private volatile long stallAt = NEVER;
  private volatile boolean reset;
  private volatile boolean closed;
  private volatile Duration delay = Duration.ZERO;
  private volatile Duration stallFor = Duration.ZERO;

  private FaultyLink(ServerSocket listener, int serverPort) {
    this.listener = listener;
    this.serverPort = serverPort;
  }

  /** Passes everything on to a port, until told otherwise. */
  public static FaultyLink to(int serverPort) throws IOException {
    FaultyLink link =
        new FaultyLink(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), serverPort);
    Thread.ofVirtual().start(link::accept);
    return link;
  }

  /**
   * Ends every connection after so many bytes towards the client.
   *
   * @param abruptly by a reset, as a crash or a firewall does; else as a server that is done
   */
  public FaultyLink cutEvery(long length, boolean abruptly) {
    cutEvery = length;
    reset = abruptly;
    return this;
  }

  /** Holds every request back for so long. */
  public FaultyLink delay(Duration perAnswer) {
    delay = perAnswer;
    return this;
  }

  /** Lets {@code times} connections fall silent after so many bytes, without ending them. */
  public FaultyLink stall(long afterBytes, int times) {
    return stall(afterBytes, times, Duration.ofDays(1));
  }

  /** Lets them go on after a while. */
  public FaultyLink stall(long afterBytes, int times, Duration silence) {
    stallAt = afterBytes;
    stallFor = silence;
    stallsLeft.set(times);
    return this;
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Returns the heads of requests that passed; under TLS nothing is known of them. */
  public int requests() {
    return requests.get();
  }

  public int connections() {
    return connections.get();
  }

  /** Returns the bytes that went to the client. */
  public long bytes() {
    return bytes.get();
  }

  private void accept() {
    while (!closed) {
      try {
        Socket client = listener.accept();
        sockets.add(client);
        refuseWhenClosed();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
        sockets.add(server);
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> pump(client, server, this::upstream));
        Thread.ofVirtual().start(() -> pump(server, client, this::downstream));
      } catch (IOException _) {
        // the link is closing, or the server is gone
      }
    }
    closeSockets();
  }

  private void refuseWhenClosed() throws IOException {
    if (closed) {
      throw new IOException("closed");
    }
  }

  private interface Direction {
    void copy(InputStream in, OutputStream out, Socket to) throws IOException;
  }

  private void pump(Socket from, Socket to, Direction direction) {
    try (from;
        to) {
      direction.copy(from.getInputStream(), to.getOutputStream(), to);
    } catch (IOException _) {
      // one side went away, and closing tells the other one
    }
    sockets.remove(from);
    sockets.remove(to);
  }

  private void upstream(InputStream in, OutputStream out, Socket server) throws IOException {
    byte[] buffer = new byte[8 << 10];
    int newlines = 0;
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      refuseWhenClosed();
      for (int i = 0; i < count; i++) {
        newlines = buffer[i] == '\n' ? newlines + 1 : buffer[i] == '\r' ? newlines : 0;
        if (newlines == 2) {
          requests.incrementAndGet();
          pause(delay);
        }
      }
      out.write(buffer, 0, count);
    }
  }

  private void downstream(InputStream in, OutputStream out, Socket client) throws IOException {
    byte[] buffer = new byte[64 << 10];
    long passed = 0;
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      refuseWhenClosed();
      int length = Math.clamp(cutEvery - passed, 0, count);
      // Counted first: whoever has read them may ask at once how many there were.
      bytes.addAndGet(length);
      out.write(buffer, 0, length);
      passed += length;
      if (passed >= cutEvery) {
        client.setSoLinger(reset, 0);
        return;
      }
      if (passed >= stallAt && stallsLeft.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        pause(stallFor);
      }
    }
  }

  private static void pause(Duration duration) throws IOException {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    listener.close();
    closeSockets();
  }

  private void closeSockets() {
    for (Socket socket : sockets) {
      try {
        socket.close();
      } catch (IOException _) {
        // it was on its way out
      }
    }
  }
}
