package io.gantry.gcs;

import io.gantry.http.Refusal;
import io.gantry.http.Refusal.Meaning;
import io.gantry.http.Refusal.Prospect;
import io.gantry.http.StoreAccess;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Puts a token on requests, and understands refusals. */
final class GcsAccess implements StoreAccess, Closeable {

  private final GcsAddress address;
  private final AccessTokens tokens;

  GcsAccess(GcsAddress address, AccessTokens tokens) {
    this.address = address;
    this.tokens = tokens;
  }

  /** Returns who is asked, and in whose name. */
  String detail() {
    return "%s, %s".formatted(address.url(), tokens.owner());
  }

  @Override
  public String name() {
    return address.toString();
  }

  @Override
  public String cannotOpen() {
    return "could not get gcs object: \"%s\"".formatted(address.object());
  }

  /**
   * A store that is not told that gzip is welcome unpacks objects which were uploaded with that
   * encoding, and then has neither ranges nor a length for them (Cloud Storage, "Transcoding of
   * gzip-compressed files"). What reads the bytes looks for gzip anyway.
   */
  @Override
  public Map<String, String> authorize(URI target, Map<String, String> headers) throws IOException {
    Map<String, String> added = new LinkedHashMap<>();
    added.put("Accept-Encoding", "gzip");
    Optional<String> token = tokens.current();
    token.ifPresent(value -> added.put("Authorization", "Bearer " + value));
    return added;
  }

  /** Cloud Storage, "Request preconditions": a generation is one content for ever. */
  @Override
  public Map<String, String> sameContent(Function<String, Optional<String>> firstAnswer) {
    Optional<String> generation = firstAnswer.apply("x-goog-generation");
    if (generation.isPresent()) {
      return Map.of("x-goog-if-generation-match", generation.get());
    }
    Optional<String> strong = firstAnswer.apply("ETag").filter(tag -> tag.startsWith("\""));
    return strong.map(tag -> Map.of("If-Match", tag)).orElse(Map.of());
  }

  @Override
  public boolean renew(Refusal refusal) throws IOException {
    return refusal.status() == 401 && tokens.renew();
  }

  /** Cloud Storage XML interface, "HTTP status and error codes". */
  @Override
  public Meaning meaning(Refusal refusal) {
    return switch (refusal.status()) {
      case 412 ->
          new Meaning(
              Prospect.LATER,
              "changed while it was being read: its generation is another one; start the transfer"
                  + " again");
      case 401, 403 -> never(refusal, denial(refusal.status()));
      case 404 -> never(refusal, "check the bucket and the object's name");
      case 408, 429, 500, 502, 503, 504 ->
          new Meaning(Prospect.SOON, line(refusal, "the store is busy, try again later"));
      default -> never(refusal, "expected status 206 or 200, got " + refusal.status());
    };
  }

  private String denial(int status) {
    if (!tokens.given()) {
      return "no credentials were given, and it is not public";
    }
    return status == 401
        ? "the service account's token is not accepted"
        : "the service account may not read it (storage.objects.get)";
  }

  private static Meaning never(Refusal refusal, String advice) {
    return new Meaning(Prospect.NEVER, line(refusal, advice));
  }

  private static String line(Refusal refusal, String advice) {
    return refusal.told().replaceAll("\\.$", "") + "; " + advice;
  }

  @Override
  public void close() throws IOException {
    tokens.close();
  }
}
