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

/**
 * A web server that says what a test writes down, byte for byte, right or wrong. It answers one
 * request a connection and remembers the requests.
 */
public final class CannedServer implements Closeable {

  /** What to say to the nth request, counted from 0. */
  public interface Script {
    byte[] answer(String request, int index);
  }

  /** What a client begins with that takes this for a TLS server; a real one hangs up, too. */
  private static final int TLS_HANDSHAKE = 0x16;

  private final ServerSocket listener;
  private final Script script;
  private final List<String> requests = new CopyOnWriteArrayList<>();

  private CannedServer(ServerSocket listener, Script script) {
    this.listener = listener;
    this.script = script;
  }

  public static CannedServer saying(Script script) throws IOException {
    return saying(InetAddress.getLoopbackAddress(), script);
  }

  public static CannedServer saying(InetAddress at, Script script) throws IOException {
    CannedServer server = new CannedServer(new ServerSocket(0, 50, at), script);
    Thread.ofVirtual().start(server::accept);
    return server;
  }

  /** Returns an answer: the status line and headers as given, a blank line, the body. */
  public static byte[] answer(String head, byte[] body) {
    byte[] headBytes =
        (head.strip().replace("\n", "\r\n") + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
    byte[] all = new byte[headBytes.length + body.length];
    System.arraycopy(headBytes, 0, all, 0, headBytes.length);
    System.arraycopy(body, 0, all, headBytes.length, body.length);
    return all;
  }

  public int port() {
    return listener.getLocalPort();
  }

  public String url(String path) {
    return "http://127.0.0.1:" + port() + path;
  }

  /** Returns the heads of all requests so far. */
  public List<String> requests() {
    return requests;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException _) {
        // the server is closing
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      String request = readHead(client.getInputStream());
      int index;
      synchronized (this) {
        index = requests.size();
        requests.add(request);
      }
      client.getOutputStream().write(script.answer(request, index));
      client.shutdownOutput();
      client.getInputStream().readAllBytes();
    } catch (IOException _) {
      // the client has seen enough
    }
  }

  static String readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      boolean tls = head.isEmpty() && next == TLS_HANDSHAKE;
      if (next < 0 || tls) {
        throw new IOException("no request");
      }
      head.append((char) next);
    }
    return head.toString();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
