package io.gantry.http;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * A file whose address says what its bytes are, such as a blob of a registry that is named by its
 * digest. No validator is needed to put parts of several answers together; lengths are still held
 * against what is known, so that another file is noticed before all of it has come.
 *
 * <p>The first request is for everything, because every server can answer that. The place that a
 * redirect led to is kept, and left when it refuses: such links are signed for minutes.
 */
final class AddressedFile implements RangedFile {

  private final String name;
  private final WebAddress original;
  private final long size;
  private final HttpSourceOptions options;
  private final Connections connections;
  private final ServiceRequester requester;
  private volatile WebAddress place;

  AddressedFile(
      String name,
      WebAddress original,
      long size,
      HttpSourceOptions options,
      Connections connections,
      ServiceRequester requester) {
    this.name = name;
    this.original = original;
    this.size = size;
    this.options = options;
    this.connections = connections;
    this.requester = requester;
    this.place = original;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public byte[] head() {
    return new byte[0];
  }

  @Override
  public Attempts newAttempts() {
    return new Attempts(name, original, Patience.resumable(options), connections);
  }

  @Override
  public RemoteFile.Part request(ByteRange range, Attempts attempts, Cancellation cancellation)
      throws IOException {
    boolean everything = range.start() == 0 && range.end() == size;
    Map<String, String> asked = everything ? Map.of() : Map.of("Range", range.header());
    Exchange answer = requester.get(attempts.next(place), asked, attempts.patience(), cancellation);
    try {
      RemoteFile.Part part =
          switch (answer.status()) {
            case 200 -> whole(answer, range);
            case 206 -> part(answer, range);
            default -> throw refused(answer);
          };
      place = answer.at();
      return part;
    } catch (IOException e) {
      answer.abort();
      throw e;
    }
  }

  /** A server without ranges sends everything again; what was read before is passed over. */
  private RemoteFile.Part whole(Exchange answer, ByteRange range) throws IOException {
    if (answer.bodyLength() >= 0 && answer.bodyLength() != size) {
      throw wrong(answer, "it has %d bytes, must have %d".formatted(answer.bodyLength(), size));
    }
    answer.passOver(range.start());
    return new RemoteFile.Part(answer, new ByteRange(range.start(), size));
  }

  private RemoteFile.Part part(Exchange answer, ByteRange asked) throws RequestException {
    String header = answer.header("Content-Range").orElse("");
    ContentRange told =
        ContentRange.parse(header)
            .filter(range -> range.range().isPresent())
            .orElseThrow(() -> wrong(answer, "Content-Range \"" + header + "\" is no range"));
    if (told.total().orElse(size) != size) {
      throw wrong(answer, "Content-Range is \"%s\", must have %d".formatted(header, size));
    }
    return new RemoteFile.Part(
        answer, RemoteFile.checkRange(answer, asked, told.range().orElseThrow()));
  }

  private static RequestException refused(Exchange answer) {
    int status = answer.status();
    boolean linkLost = status == 401 || status == 403 || status == 404 || status == 410;
    return new RequestException(
        linkLost ? RequestException.Kind.LINK_LOST : RequestException.Kind.FATAL,
        answer.at(),
        "answers %d, expected 200 or 206".formatted(status),
        Optional.empty(),
        status);
  }

  private static RequestException wrong(Exchange answer, String what) {
    return new RequestException(RequestException.Kind.FATAL, answer.at(), what);
  }
}
