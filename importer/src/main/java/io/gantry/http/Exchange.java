package io.gantry.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * An answer, and the connection its body comes on.
 *
 * <p>Used by one thread. It ends with {@link #finish} when the body was read to its end, or with
 * {@link #abort}: closing the stream would first read all that is left.
 */
final class Exchange {

  /** Bodies of redirects and errors up to this size are read, so that the connection is kept. */
  private static final long DISCARD_MAX = 16 << 10;

  private static final int PIECE = 64 << 10;

  private final WebAddress at;
  private final ClassicHttpResponse response;
  private final Connection connection;
  private final Connections connections;
  private final Cancellation cancellation;
  private final InputStream body;
  private @Nullable Refusal refusal;

  Exchange(
      WebAddress at,
      ClassicHttpResponse response,
      Connection connection,
      Connections connections,
      Cancellation cancellation)
      throws IOException {
    this.at = at;
    this.response = response;
    this.connection = connection;
    this.connections = connections;
    this.cancellation = cancellation;
    @Nullable HttpEntity entity = response.getEntity();
    this.body = entity == null ? InputStream.nullInputStream() : entity.getContent();
  }

  /** Returns the address that gave this answer, after all redirects. */
  WebAddress at() {
    return at;
  }

  int status() {
    return response.getCode();
  }

  /** Returns the server's words for the status, perhaps none. */
  private String reason() {
    return Objects.requireNonNullElse(response.getReasonPhrase(), "");
  }

  Optional<String> header(String name) {
    @Nullable Header header = response.getFirstHeader(name);
    return Optional.ofNullable(header).map(Header::getValue).map(String::strip);
  }

  List<String> describePeer() {
    return connection.peerCertificates().stream().map(Exchange::describe).toList();
  }

  private static String describe(X509Certificate certificate) {
    return "TLS certificate of %s, issued by %s, valid until %s"
        .formatted(
            certificate.getSubjectX500Principal().getName(),
            certificate.getIssuerX500Principal().getName(),
            certificate.getNotAfter().toInstant());
  }

  List<String> headers(String name) {
    return Arrays.stream(response.getHeaders(name)).map(Header::getValue).toList();
  }

  Validator validator() {
    return Validator.of(header("ETag"), header("Last-Modified"));
  }

  /** Returns the length of the body, or -1 where it comes in chunks or ends with the connection. */
  long bodyLength() {
    @Nullable HttpEntity entity = response.getEntity();
    return entity == null ? 0 : entity.getContentLength();
  }

  /** Says whether the end of the body can be told from the connection breaking. */
  boolean isFramed() {
    @Nullable HttpEntity entity = response.getEntity();
    return entity == null || entity.isChunked() || entity.getContentLength() >= 0;
  }

  /** Says whether whoever reads was told to stop. */
  boolean isBrokenOff() {
    return connections.isClosed() || cancellation.isCancelled();
  }

  /** Reads from the body as {@link InputStream#read(byte[], int, int)} does. */
  int read(byte[] dst, int offset, int length) throws RequestException {
    try {
      return body.read(dst, offset, length);
    } catch (IOException e) {
      throw RequestException.of(at, e);
    }
  }

  /** Reads so many bytes that somebody has already. */
  void passOver(long length) throws RequestException {
    byte[] passed = new byte[(int) Math.min(length, PIECE)];
    for (long left = length; left > 0; ) {
      int count = read(passed, 0, (int) Math.min(left, passed.length));
      if (count < 0) {
        throw new RequestException(
            RequestException.Kind.TRANSIENT, at, "the answer ended at byte " + (length - left));
      }
      left -= count;
    }
  }

  /** Changes how long the rest of the body is waited for, a byte at a time. */
  void waitFor(Duration patience) throws RequestException {
    try {
      connection.waitFor(patience);
    } catch (IOException e) {
      throw RequestException.of(at, e);
    }
  }

  /** Returns the status as RFC 9112 section 4 has it: number and words. */
  String statusLine() {
    return "%d %s".formatted(status(), reason());
  }

  /** Lets go of an answer whose body was read; its connection serves the next request. */
  void finish() {
    if (bodyLength() >= 0 && isPersistent()) {
      cancellation.release();
      connections.giveBack(connection);
    } else {
      abort();
    }
  }

  /** Lets go of an answer whose body nobody wants. */
  void discard() {
    if (bodyLength() < 0 || bodyLength() > DISCARD_MAX) {
      abort();
      return;
    }
    try {
      body.readAllBytes();
      finish();
    } catch (IOException _) {
      abort();
    }
  }

  /**
   * Returns what an answer says that brings no bytes. Its body is read here, so nothing else may be
   * done with it.
   */
  Refusal refusal() {
    Refusal told = refusal;
    if (told == null) {
      told = new Refusal(status(), this::header, readText());
      refusal = told;
    }
    return told;
  }

  private String readText() {
    try {
      byte[] text = body.readNBytes((int) DISCARD_MAX);
      if (text.length < DISCARD_MAX) {
        finish();
      } else {
        abort();
      }
      return new String(text, StandardCharsets.UTF_8);
    } catch (IOException _) {
      // the status says enough
      abort();
      return "";
    }
  }

  void abort() {
    connection.close();
  }

  /** RFC 9112 section 9.3. */
  private boolean isPersistent() {
    String options = header("Connection").orElse("").toLowerCase(Locale.ROOT);
    return !options.contains("close") && response.getVersion().greaterEquals(HttpVersion.HTTP_1_1);
  }
}
