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

  /** Set for good when the server answers for the same file, but with bytes not asked for. */
  private volatile boolean mistakesRanges;

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
    return name + ", " + size + " bytes, " + validator;
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
    return new Attempts(name, original, Patience.resumable(options), connections);
  }

  boolean isClosed() {
    return connections.isClosed();
  }

  @Override
  public Part request(ByteRange range, Attempts attempts, Cancellation cancellation)
      throws RequestException {
    Optional<ByteRange> asked = mistakesRanges ? Optional.empty() : Optional.of(range);
    Exchange answer =
        requester.get(attempts.next(place), asked, conditions, attempts.patience(), cancellation);
    try {
      Part part = answer.status() == 200 ? whole(answer, range) : check(answer, range);
      place = answer.at();
      return part;
    } catch (RequestException e) {
      answer.abort();
      throw e;
    }
  }

  /**
   * The same file, all of it: from a server that knows no ranges, or not always, or answers with
   * others than it was asked for. What was read before is passed over.
   */
  private Part whole(Exchange answer, ByteRange asked) throws RequestException {
    checkSame(answer);
    if (answer.bodyLength() >= 0 && answer.bodyLength() != size) {
      throw changed(
          answer.at(), "%d bytes, the length was %d".formatted(answer.bodyLength(), size));
    }
    answer.passOver(asked.start());
    return new Part(answer, new ByteRange(asked.start(), size));
  }

  /** Holds an answer against what is known of the file and what was asked. */
  Part check(Exchange answer, ByteRange asked) throws RequestException {
    checkSame(answer);
    WebAddress at = answer.at();
    if (answer.status() != 206 || mistakesRanges) {
      String all = mistakesRanges ? "a request for all of it" : "the request for " + asked.header();
      throw changed(at, "status %d to %s".formatted(answer.status(), all));
    }
    String header = answer.header("Content-Range").orElse("");
    Optional<ContentRange> told = ContentRange.parse(header);
    if (told.isPresent() && told.get().total().orElse(-1) != size) {
      throw changed(at, "Content-Range \"%s\", the length was %d".formatted(header, size));
    }
    try {
      ByteRange range =
          told.flatMap(ContentRange::range)
              .orElseThrow(() -> changed(at, "Content-Range \"" + header + "\" is no range"));
      return new Part(answer, checkRange(answer, asked, range));
    } catch (RequestException e) {
      mistakesRanges = true;
      throw e;
    }
  }

  private void checkSame(Exchange answer) throws RequestException {
    WebAddress at = answer.at();
    if (!validator.matches(answer.validator(), at.equals(validatorFrom))) {
      throw changed(at, "it was %s and is %s".formatted(validator, answer.validator()));
    }
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
