package io.gantry.http;

import io.gantry.source.SourceException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.jspecify.annotations.Nullable;

/** One request failed. {@link Attempts} decides what that means for the next one. */
final class RequestException extends IOException {

  /** What a failure says about the next request. */
  enum Kind {
    /** The network or a busy server: the same request may succeed. */
    TRANSIENT,
    /** This URL does not serve the file (any more): only the original URL may know another one. */
    LINK_LOST,
    /** The answer belongs to other bytes than those read before. */
    CHANGED,
    /** No request of this run can succeed any more, but another run's may. */
    LATER,
    /** Asking again gives the same answer. */
    FATAL
  }

  private final Kind kind;
  private final WebAddress at;
  private final Optional<Duration> retryAfter;
  private final OptionalInt status;

  RequestException(Kind kind, WebAddress at, String message) {
    this(kind, at, message, Optional.empty(), null);
  }

  RequestException(
      Kind kind,
      WebAddress at,
      String message,
      Optional<Duration> retryAfter,
      @Nullable Throwable cause) {
    this(kind, at, message, retryAfter, OptionalInt.empty(), cause);
  }

  /** The server answered, with a status that brings no bytes. */
  RequestException(
      Kind kind, WebAddress at, String message, Optional<Duration> retryAfter, int status) {
    this(kind, at, message, retryAfter, OptionalInt.of(status), null);
  }

  private RequestException(
      Kind kind,
      WebAddress at,
      String message,
      Optional<Duration> retryAfter,
      OptionalInt status,
      @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.at = at;
    this.retryAfter = retryAfter;
    this.status = status;
  }

  /** Says what a failure of the network or of TLS means. */
  static RequestException of(WebAddress at, IOException failure) {
    if (failure instanceof RequestException already) {
      return already;
    }
    if (failure instanceof SourceException credentials) {
      // Those who make them have tried again already.
      Kind kind = credentials.retryable() ? Kind.LATER : Kind.FATAL;
      String message = String.valueOf(credentials.getMessage());
      return new RequestException(kind, at, message, Optional.empty(), credentials);
    }
    Kind kind = isLasting(failure) ? Kind.FATAL : Kind.TRANSIENT;
    return new RequestException(kind, at, describe(failure), Optional.empty(), failure);
  }

  static RequestException tooManyRedirects(WebAddress start, int redirectsMax, WebAddress last) {
    return new RequestException(
        Kind.FATAL,
        start,
        "more than %d redirects, the last to %s: a loop?".formatted(redirectsMax, last));
  }

  Kind kind() {
    return kind;
  }

  WebAddress at() {
    return at;
  }

  /** Returns the status of the answer, if there was one. */
  OptionalInt status() {
    return status;
  }

  Optional<Duration> retryAfter() {
    return retryAfter;
  }

  /** Says whether the server had a connection and sent nothing on it for too long. */
  boolean isSilence() {
    return getCause() instanceof SocketTimeoutException;
  }

  /**
   * A handshake that fails for what the certificate says, or because the peer speaks no TLS, fails
   * every time; one that breaks off may not.
   */
  private static boolean isLasting(IOException failure) {
    if (causedBy(failure, CertificateException.class)) {
      return true;
    }
    boolean brokeOff =
        causedBy(failure, EOFException.class)
            || causedBy(failure, SocketException.class)
            || causedBy(failure, SocketTimeoutException.class);
    return (failure instanceof SSLHandshakeException && !brokeOff) || speaksNoTls(failure);
  }

  private static boolean speaksNoTls(IOException failure) {
    return failure instanceof SSLException
        && String.valueOf(failure.getMessage()).contains("Unsupported or unrecognized SSL message");
  }

  private static String describe(IOException failure) {
    String text = String.valueOf(failure.getMessage()).replaceAll("\\s+", " ");
    if (causedBy(failure, CertificateException.class)) {
      return "the server's certificate is not trusted: %s; give its authority's one (CA file)"
          .formatted(rootMessage(failure));
    }
    if (speaksNoTls(failure)) {
      return "the server does not answer in TLS, it may speak http://";
    }
    return switch (failure) {
      case UnknownHostException _ -> "unknown host " + text;
      case NoHttpResponseException _ -> "the server closed the connection without an answer";
      case ConnectException _ -> "no connection: " + text;
      case SocketTimeoutException _ -> "the server is silent: " + text;
      case SSLHandshakeException _ -> "TLS failed: " + text;
      default -> text;
    };
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).replaceAll("\\s+", " ");
  }

  private static boolean causedBy(Throwable failure, Class<? extends Throwable> type) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }
}
