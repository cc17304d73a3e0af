package io.gantry.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy that grants every CONNECT, but leads all of them to one port of this machine. */
public final class TunnelProxy implements Closeable {

  private final ServerSocket listener;
  private final int serverPort;
  private final List<String> requests = new CopyOnWriteArrayList<>();

  private TunnelProxy(ServerSocket listener, int serverPort) {
    this.listener = listener;
    this.serverPort = serverPort;
  }

  public static TunnelProxy to(int serverPort) throws IOException {
    TunnelProxy proxy =
        new TunnelProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), serverPort);
    Thread.ofVirtual().start(proxy::accept);
    return proxy;
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Returns the heads of all requests so far. */
  public List<String> requests() {
    return requests;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Thread.ofVirtual().start(() -> tunnel(client));
      } catch (IOException _) {
        // the proxy is closing
      }
    }
  }

  private void tunnel(Socket client) {
    try (client;
        Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort)) {
      requests.add(CannedServer.readHead(client.getInputStream()));
      byte[] granted =
          "HTTP/1.1 200 Connection established\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
      client.getOutputStream().write(granted);
      Thread.ofVirtual().start(() -> copy(client, server));
      copy(server, client);
    } catch (IOException _) {
      // one side went away
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      in.transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException _) {
      // one side went away
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
