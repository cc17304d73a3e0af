package io.gantry.http;

import io.gantry.source.SourceException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * How often, when and where one piece is asked for again.
 *
 * <p>Only failures in a row count: a server that drops every connection after a few megabytes still
 * delivers the file. The first repetition is immediate for the same reason. Later ones wait twice
 * as long each time, less a random part, so that many importers do not come back as one.
 *
 * <p>Silence is counted in time rather than in requests: a dead connection is left soon, and a
 * server that stays silent is still waited for as long as one answer of it would be.
 *
 * <p>They go to the place that served the file so far, and every other time to the original URL: a
 * redirector may know a mirror that works, but its file often has another validator (nginx makes
 * ETags of the modification time), so the known place comes first.
 */
final class Attempts {

  private static final Duration PAUSE_FIRST = Duration.ofMillis(250);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(10);

  /** A server may ask for any patience; beyond this the run's own restart is the better wait. */
  private static final Duration RETRY_AFTER_MAX = Duration.ofSeconds(60);

  /** What a request must bring to count as progress; less, for ever, would be no import. */
  private static final long PROGRESS_MIN = 64 << 10;

  private final String name;
  private final WebAddress original;
  private final Patience patience;
  private final Connections connections;
  private int failures;
  private long bytesSinceFailure;
  private Duration silent = Duration.ZERO;
  private RequestException.@Nullable Kind lastKind;

  Attempts(String name, WebAddress original, Patience patience, Connections connections) {
    this.name = name;
    this.original = original;
    this.patience = patience;
    this.connections = connections;
  }

  /** Returns what a reader is told whose source was closed under it. */
  static SourceException closed(String name, @Nullable Throwable cause) {
    String message = name + ": closed while it was being read";
    return cause == null
        ? new SourceException(message, false)
        : new SourceException(message, false, cause);
  }

  /** Returns whom to ask now. */
  WebAddress next(WebAddress place) {
    boolean linkLost = lastKind == RequestException.Kind.LINK_LOST;
    boolean everyOther = failures >= 2 && failures % 2 == 0;
    return linkLost || everyOther ? original : place;
  }

  /** Returns how long the next request may be silent. */
  Duration patience() {
    return patience.silence();
  }

  /** Counts bytes that arrived. */
  void progressed(int bytes) {
    bytesSinceFailure += bytes;
    if (failures > 0 && bytesSinceFailure >= PROGRESS_MIN) {
      forgive();
      lastKind = null;
    }
  }

  private void forgive() {
    failures = 0;
    silent = Duration.ZERO;
  }

  /**
   * Waits as long as is polite before the next request.
   *
   * @throws SourceException when there is no point in a next one
   */
  void failed(RequestException failure) throws IOException {
    if (connections.isClosed()) {
      throw closed(name, failure);
    }
    if (bytesSinceFailure >= PROGRESS_MIN) {
      forgive();
    }
    failures++;
    if (failure.isSilence()) {
      silent = silent.plus(patience.silence());
    }
    bytesSinceFailure = 0;
    lastKind = failure.kind();
    if (isOver(failure)) {
      throw new SourceException(text(failure), isRetryable(failure), failure);
    }
    connections.countRetry();
    pause(pauseAfter(failure));
  }

  private boolean isOver(RequestException failure) {
    return switch (failure.kind()) {
      case FATAL, LATER -> true;
      case LINK_LOST -> failure.at().equals(original) || failures >= patience.attemptsMax();
      case TRANSIENT, CHANGED ->
          failure.isSilence()
              ? silent.compareTo(patience.silenceMax()) >= 0
              : failures >= patience.attemptsMax();
    };
  }

  private static boolean isRetryable(RequestException failure) {
    return switch (failure.kind()) {
      case TRANSIENT, CHANGED, LATER -> true;
      case LINK_LOST, FATAL -> false;
    };
  }

  private String text(RequestException failure) {
    WebAddress at = failure.at();
    String place = at.equals(original) ? "" : " (redirected to %s)".formatted(at);
    String tries = failures > 1 ? " (tried %d times)".formatted(failures) : "";
    return "%s%s: %s%s".formatted(name, place, failure.getMessage(), tries);
  }

  private Duration pauseAfter(RequestException failure) {
    if (failure.retryAfter().isPresent()) {
      Duration asked = failure.retryAfter().get();
      return asked.compareTo(RETRY_AFTER_MAX) < 0 ? asked : RETRY_AFTER_MAX;
    }
    if (failures == 1) {
      return Duration.ZERO;
    }
    long doubled = PAUSE_FIRST.toMillis() << Math.min(failures - 2, 16);
    long pause = Math.min(doubled, PAUSE_MAX.toMillis());
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(pause / 2, pause + 1));
  }

  private void pause(Duration pause) throws IOException {
    try {
      if (connections.awaitClosed(pause)) {
        throw closed(name, null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException(name + ": interrupted").initCause(e);
    }
  }
}
