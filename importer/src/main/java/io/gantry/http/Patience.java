package io.gantry.http;

import java.time.Duration;

/**
 * How long and how often a server is waited for.
 *
 * @param attemptsMax requests in a row that bring nothing
 * @param silence time without a byte after which one request is given up
 * @param silenceMax time without a byte, over all requests in a row, after which there is no next
 */
record Patience(int attemptsMax, Duration silence, Duration silenceMax) {

  /**
   * For an answer that cannot be taken up where it breaks, and for the first one, of which nobody
   * knows yet whether it can: a server may have to make the file before it sends any of it.
   */
  static Patience once(HttpSourceOptions options) {
    return new Patience(options.attemptsMax(), options.stallTimeout(), options.stallTimeout());
  }

  /** For what goes on elsewhere when a connection is dead: it is found out early. */
  static Patience resumable(HttpSourceOptions options) {
    Duration silence = options.reconnectAfter();
    // Duration.multipliedBy takes a cold JVM 15 ms, for BigDecimal.
    Duration perAttempts = Duration.ofMillis(silence.toMillis() * options.attemptsMax());
    Duration inAll = options.stallTimeout();
    return new Patience(
        options.attemptsMax(), silence, inAll.compareTo(perAttempts) > 0 ? inAll : perAttempts);
  }

  /** Returns the same with no more attempts than that. */
  Patience withAttempts(int most) {
    return new Patience(Math.min(most, attemptsMax), silence, silenceMax);
  }
}
