package io.gantry.http;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.jspecify.annotations.Nullable;

/** A connection to an origin, perhaps through a proxy. Used by one thread; closed by any. */
final class Connection implements Closeable {

  /** Bounds on what a stranger's server may put before a body. */
  private static final Http1Config LIMITS =
      Http1Config.custom().setMaxLineLength(16 << 10).setMaxHeaderCount(200).build();

  /** Informational answers (RFC 9110 section 15.2) that we pass over before one that counts. */
  private static final int INFORMATIONAL_MAX = 8;

  private final Origin origin;
  private final Optional<String> forwardAuthorization;
  private final boolean forwarded;
  private final Socket socket;
  private final @Nullable SSLSocket tls;
  private final DefaultBHttpClientConnection http = new DefaultBHttpClientConnection(LIMITS);
  private boolean used;

  /**
   * Wraps a connected socket.
   *
   * @param forwarded whether a proxy at the other end forwards plain requests
   * @param forwardAuthorization what that proxy wants to see
   */
  Connection(
      Origin origin,
      Socket socket,
      @Nullable SSLSocket tls,
      boolean forwarded,
      Optional<String> forwardAuthorization)
      throws IOException {
    this.origin = origin;
    this.socket = socket;
    this.tls = tls;
    this.forwarded = forwarded;
    this.forwardAuthorization = forwardAuthorization;
    if (tls == null) {
      http.bind(socket);
    } else {
      http.bind(tls, socket);
    }
  }

  Origin origin() {
    return origin;
  }

  /** Says whether a request was answered on it before: the server may have closed it since. */
  boolean isUsed() {
    return used;
  }

  boolean isForwarded() {
    return forwarded;
  }

  Optional<String> forwardAuthorization() {
    return forwardAuthorization;
  }

  /** Returns what the peer has shown of itself, its own certificate first; empty without TLS. */
  List<X509Certificate> peerCertificates() {
    if (tls == null) {
      return List.of();
    }
    try {
      return Stream.of(tls.getSession().getPeerCertificates())
          .filter(X509Certificate.class::isInstance)
          .map(X509Certificate.class::cast)
          .toList();
    } catch (SSLPeerUnverifiedException e) {
      return List.of();
    }
  }

  /** Sets how long a byte is waited for. */
  void waitFor(Duration patience) throws IOException {
    socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
  }

  /** Sends a request and returns the answer, its entity ready to be read. */
  ClassicHttpResponse exchange(ClassicHttpRequest request) throws IOException {
    ClassicHttpResponse response = exchangeHeaders(request);
    try {
      // RFC 9112 section 6.3: whatever its headers say, an answer to HEAD has no body.
      if (!request.getMethod().equals("HEAD")) {
        http.receiveResponseEntity(response);
      }
      used = true;
      return response;
    } catch (HttpException e) {
      throw malformed(e);
    }
  }

  /** Sends a request and returns the answer without its body, as after CONNECT. */
  ClassicHttpResponse exchangeHeaders(ClassicHttpRequest request) throws IOException {
    try {
      http.sendRequestHeader(request);
      if (request.getEntity() != null) {
        http.sendRequestEntity(request);
      }
      http.flush();
      for (int i = 0; i <= INFORMATIONAL_MAX; i++) {
        ClassicHttpResponse response = http.receiveResponseHeader();
        if (response.getCode() >= 200) {
          return response;
        }
      }
      throw new IOException("more than " + INFORMATIONAL_MAX + " informational answers");
    } catch (HttpException e) {
      throw malformed(e);
    }
  }

  private static IOException malformed(HttpException e) {
    String what = e instanceof ProtocolException ? "breaks the HTTP protocol: " : "is no HTTP: ";
    return new IOException("the answer " + what + e.getMessage(), e);
  }

  /**
   * Drops the connection at once. The plain socket is closed even under TLS: an orderly goodbye
   * would wait for a peer that may be gone, and for a reader that we mean to wake.
   */
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException _) {
      // nothing more is wanted from it
    }
  }
}
