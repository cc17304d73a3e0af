package io.gantry.registry;

import io.gantry.image.MalformedImageException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * What a token server hands out (distribution-spec's registries follow Docker's "Token
 * Authentication Specification").
 *
 * @param endNanos when it ends, by {@link System#nanoTime}
 */
record BearerToken(String token, long endNanos) {

  /** What the specification says of a token that does not say how long it lives. */
  private static final long SECONDS_DEFAULT = 60;

  private static final long SECONDS_MAX = Duration.ofDays(1).toSeconds();

  static BearerToken parse(String answer, long nowNanos) throws MalformedImageException {
    JsonFields fields = JsonFields.parse(answer.getBytes(StandardCharsets.UTF_8), "the token");
    Optional<String> token = fields.text("token");
    if (token.isEmpty() || token.get().isEmpty()) {
      token = fields.text("access_token");
    }
    String text = token.orElseThrow(() -> fields.missing("token"));
    if (!text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new MalformedImageException("the token has characters that no header can have");
    }
    long seconds = fields.number("expires_in").orElse(SECONDS_DEFAULT);
    // Renewed before it ends, so that what we send is good when it arrives.
    long life = Math.clamp(seconds * 9 / 10, 1, SECONDS_MAX);
    return new BearerToken(text, nowNanos + Duration.ofSeconds(life).toNanos());
  }

  boolean isOver(long nowNanos) {
    return nowNanos - endNanos >= 0;
  }

  @Override
  public String toString() {
    return "token";
  }
}
