package io.gantry.http;

import io.gantry.http.Body.Empty;
import io.gantry.http.Body.Resumable;
import io.gantry.http.Body.SingleAnswer;
import io.gantry.source.SourceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The first request to a server, and what its answer says about the rest of the run. */
final class FirstContact {

  /**
   * Bytes of the first request: what {@code qemu-img} puts first, in five clusters of the usual
   * size: header, refcount table and block, L1 table, first L2 table. At 10 MB/s they take 30 ms,
   * less than the requests for them would. Each run that goes on after another asks for them again,
   * so no more.
   */
  private static final int HEAD_LENGTH = 320 << 10;

  /** Somebody may be waiting, and a mistyped port refuses connections for ever. */
  private static final int ATTEMPTS_MAX = 4;

  /**
   * Refusals that a request without a range may not get: CDI's own importer never sends one, so
   * servers that dislike ranges, and firewalls before them, have served images all the same.
   */
  private static final Set<Integer> RANGE_TO_BLAME =
      Set.of(400, 403, 405, 406, 412, 416, 417, 500, 501);

  private final WebAddress original;
  private final HttpSourceOptions options;
  private final Connections connections;
  private final Requester requester;
  private final @Nullable StoreAccess access;
  private List<String> details = List.of();
  private Optional<String> mediaType = Optional.empty();

  FirstContact(
      WebAddress original,
      HttpSourceOptions options,
      Connections connections,
      Requester requester,
      @Nullable StoreAccess access) {
    this.access = access;
    this.original = original;
    this.options = options;
    this.connections = connections;
    this.requester = requester;
  }

  Body make() throws IOException {
    Exchange answer = askForHead();
    describe(answer);
    OptionalLong total = total(answer);
    if (answer.status() == 200) {
      return single(answer);
    }
    if (answer.status() == 206 && total.isPresent() && answer.validator().isUsable()) {
      Optional<Body> resumable = resumable(answer, total.getAsLong());
      if (resumable.isPresent()) {
        return resumable.get();
      }
    }
    answer.abort();
    // nginx answers so to any range of an empty file
    return answer.status() == 416 && total.equals(OptionalLong.of(0))
        ? new Empty()
        : single(askForAll());
  }

  /** Returns what the answer told besides: where it came from, who says so, and the validator. */
  List<String> details() {
    return details;
  }

  /** Returns what the server calls the file's content, if anything. */
  Optional<String> mediaType() {
    return mediaType;
  }

  private void describe(Exchange answer) {
    mediaType = answer.header("Content-Type");
    List<String> lines = new ArrayList<>();
    if (!answer.at().equals(original)) {
      lines.add("redirected to " + answer.at());
    }
    lines.addAll(answer.describePeer());
    lines.add(answer.validator().toString());
    details = List.copyOf(lines);
  }

  private Exchange askForHead() throws IOException {
    try {
      return ask(Optional.of(new ByteRange(0, HEAD_LENGTH)));
    } catch (SourceException e) {
      if (access == null && RANGE_TO_BLAME.contains(HttpSource.statusOf(e).orElse(0))) {
        return askForAll();
      }
      throw e;
    }
  }

  private Exchange askForAll() throws IOException {
    return ask(Optional.empty());
  }

  private Exchange ask(Optional<ByteRange> range) throws IOException {
    Patience patience = Patience.once(options).withAttempts(ATTEMPTS_MAX);
    Attempts attempts = new Attempts(opening(), original, patience, connections);
    while (true) {
      try {
        Exchange answer =
            requester.get(original, range, Map.of(), attempts.patience(), new Cancellation());
        return range.isPresent() ? answer : allOfIt(answer);
      } catch (RequestException e) {
        attempts.failed(e);
      }
    }
  }

  private static Exchange allOfIt(Exchange answer) throws RequestException {
    if (answer.status() == 200) {
      return answer;
    }
    answer.abort();
    throw new RequestException(
        RequestException.Kind.FATAL,
        answer.at(),
        Requester.unexpected(answer),
        Optional.empty(),
        answer.status());
  }

  /**
   * Where a body ends with the connection, its end looks like a break. HEAD may tell how long it
   * is; whoever reads on without knowing must know that ({@link HttpSource#endIsCertain}).
   */
  private Body single(Exchange answer) throws RequestException {
    if (answer.isFramed()) {
      return new SingleAnswer(answer, length(answer.bodyLength()));
    }
    Duration patience = Patience.resumable(options).silence();
    return new SingleAnswer(
        answer,
        access == null ? requester.lengthTold(answer.at(), patience) : OptionalLong.empty());
  }

  private static OptionalLong length(long orNegative) {
    return orNegative < 0 ? OptionalLong.empty() : OptionalLong.of(orNegative);
  }

  /** Returns nothing when the server misunderstands ranges. */
  private Optional<Body> resumable(Exchange answer, long size) throws IOException {
    RemoteFile file =
        new RemoteFile(
            name(), original, options, connections, requester, answer, conditions(answer), size);
    ByteRange asked = new ByteRange(0, Math.min(HEAD_LENGTH, size));
    RemoteFile.Part part;
    try {
      part = file.check(answer, asked);
      answer.waitFor(Patience.resumable(options).silence());
    } catch (RequestException e) {
      return Optional.empty();
    }
    file.keepHead(readHead(file, part, asked.end()));
    return Optional.of(new Resumable(file));
  }

  /** A strong ETag: where it no longer fits, a server sends all of the file, not a range of it. */
  private Map<String, String> conditions(Exchange answer) {
    if (access != null) {
      return access.sameContent(answer::header);
    }
    return answer.validator().strongTag().map(tag -> Map.of("If-Range", tag)).orElse(Map.of());
  }

  private String name() {
    return access == null ? original.toString() : access.name();
  }

  private String opening() {
    return access == null ? original.toString() : access.cannotOpen();
  }

  private static byte[] readHead(RemoteFile file, RemoteFile.Part part, long end)
      throws IOException {
    try (ResumingReader reader = ResumingReader.continuing(file, part, end)) {
      ByteBuffer head = ByteBuffer.allocate((int) end);
      reader.readFully(head);
      return head.array();
    }
  }

  private static OptionalLong total(Exchange answer) {
    return answer
        .header("Content-Range")
        .flatMap(ContentRange::parse)
        .map(ContentRange::total)
        .orElse(OptionalLong.empty());
  }
}
