package io.gantry.http;

import java.util.Map;
import java.util.Optional;

/**
 * The one file that a run reads: where it was found, and by what its bytes are known.
 *
 * <p>Redirects are followed once; the place they led to is kept for all later requests. Every
 * answer is held against the length and the validator of the first one, and against the range that
 * was asked for, so bytes of two files are never mixed, whoever answers. Used by many threads.
 *
 * <p>Its first bytes, which came with the answer that told all this, are kept: headers and first
 * tables cost no further request.
 */
final class RemoteFile implements RangedFile {

  private final String name;
  private final WebAddress original;
  private final HttpSourceOptions options;
  private final Connections connections;
  private final Requester requester;
  private final long size;
  private final Validator validator;
  private final WebAddress validatorFrom;
  private final Map<String, String> conditions;
  private volatile WebAddress place;
  private volatile byte[] head = {};

  /**
   * Takes the identity from the first answer.
   *
   * @param first a partial answer, with a usable validator
   * @param conditions headers by which a server sends nothing of another content than that
   */
  RemoteFile(
      String name,
      WebAddress original,
      HttpSourceOptions options,
      Connections connections,
      Requester requester,
      Exchange first,
      Map<String, String> conditions,
      long size) {
    this.name = name;
    this.original = original;
    this.options = options;
    this.connections = connections;
    this.requester = requester;
    this.size = size;
    this.validator = first.validator();
    this.validatorFrom = first.at();
    this.conditions = conditions;
    this.place = first.at();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long size() {
    return size;
  }

  /** Returns what tells this content from any other that the URL may get. */
  String identity() {
    return "%s, %d bytes, %s".formatted(name, size, validator);
  }

  @Override
  public byte[] head() {
    return head;
  }

  void keepHead(byte[] bytes) {
    head = bytes;
  }

  @Override
  public Attempts newAttempts() {
    return new Attempts(name, original, options.attemptsMax(), connections);
  }

  boolean isClosed() {
    return connections.isClosed();
  }

  @Override
  public Part request(ByteRange range, Attempts attempts, Cancellation cancellation)
      throws RequestException {
    WebAddress from = attempts.next(place);
    Exchange answer = requester.get(from, Optional.of(range), conditions, cancellation);
    try {
      Part part = check(answer, range);
      place = answer.at();
      return part;
    } catch (RequestException e) {
      answer.abort();
      throw e;
    }
  }

  /** Holds an answer against what is known of the file and what was asked. */
  Part check(Exchange answer, ByteRange asked) throws RequestException {
    WebAddress at = answer.at();
    if (!validator.matches(answer.validator(), at.equals(validatorFrom))) {
      throw changed(at, "it was %s and is %s".formatted(validator, answer.validator()));
    }
    if (answer.status() != 206) {
      throw changed(
          at, "status %d to the request for %s".formatted(answer.status(), asked.header()));
    }
    String header = answer.header("Content-Range").orElse("");
    ContentRange told =
        ContentRange.parse(header)
            .filter(range -> range.range().isPresent())
            .orElseThrow(() -> changed(at, "Content-Range \"" + header + "\" is no range"));
    if (told.total().orElse(-1) != size) {
      throw changed(at, "Content-Range \"%s\", the length was %d".formatted(header, size));
    }
    return new Part(answer, checkRange(answer, asked, told.range().get()));
  }

  /** A server may send less than it was asked for (RFC 9110 section 15.3.7), but from the start. */
  static ByteRange checkRange(Exchange answer, ByteRange asked, ByteRange told)
      throws RequestException {
    if (told.start() != asked.start() || told.end() > asked.end()) {
      throw changed(answer.at(), "asked for %s, got %s".formatted(asked.header(), told.header()));
    }
    long length = told.end() - told.start();
    if (answer.bodyLength() >= 0 && answer.bodyLength() != length) {
      throw changed(
          answer.at(), "%s with a body of %d bytes".formatted(told.header(), answer.bodyLength()));
    }
    return told;
  }

  private static RequestException changed(WebAddress at, String how) {
    return new RequestException(
        RequestException.Kind.CHANGED,
        at,
        "changed while it was being read: %s; start the transfer again".formatted(how));
  }

  /** A checked answer, and the part of the file that its body is. */
  record Part(Exchange answer, ByteRange range) {}
}
