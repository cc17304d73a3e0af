package io.gantry.http;

import io.gantry.source.SourceException;
import java.util.List;
import java.util.Optional;

/** A small answer, read to its end. */
public final class Document {

  private final WebAddress at;
  private final int status;
  private final Optional<String> mediaType;
  private final List<String> challenges;
  private final byte[] body;

  Document(
      WebAddress at, int status, Optional<String> mediaType, List<String> challenges, byte[] body) {
    this.at = at;
    this.status = status;
    this.mediaType = mediaType;
    this.challenges = challenges;
    this.body = body;
  }

  public int status() {
    return status;
  }

  /** Returns the media type it came with, without parameters. */
  public Optional<String> mediaType() {
    return mediaType;
  }

  /** Returns the {@code WWW-Authenticate} headers. */
  public List<String> challenges() {
    return challenges;
  }

  public byte[] body() {
    return body.clone();
  }

  /** Returns a failure that says why this answer is none, and knows its status. */
  public SourceException refusal(String message) {
    RequestException cause =
        new RequestException(RequestException.Kind.FATAL, at, message, Optional.empty(), status);
    return new SourceException(message, false, cause);
  }
}
