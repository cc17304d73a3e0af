package io.gantry.http;

import io.gantry.http.HttpSource.Body;
import io.gantry.http.HttpSource.Empty;
import io.gantry.http.HttpSource.Resumable;
import io.gantry.http.HttpSource.SingleAnswer;
import io.gantry.source.SourceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The first request to a server, and what its answer says about the rest of the run. */
final class FirstContact {

  /**
   * Bytes of the first request. Image headers and the tables that writers put first fit in; at 10
   * MB/s they take 50 ms, less than the request for them would.
   */
  private static final int HEAD_LENGTH = 512 << 10;

  /** Somebody may be waiting, and a mistyped port refuses connections for ever. */
  private static final int ATTEMPTS_MAX = 4;

  private final WebAddress original;
  private final HttpSourceOptions options;
  private final Connections connections;
  private final Requester requester;
  private final @Nullable StoreAccess access;
  private List<String> details = List.of();

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
    Exchange answer = ask(Optional.of(new ByteRange(0, HEAD_LENGTH)));
    details = describe(answer);
    OptionalLong total = total(answer);
    if (answer.status() == 200) {
      return single(answer);
    }
    if (answer.status() == 206 && total.isPresent() && answer.validator().isUsable()) {
      return resumable(answer, total.getAsLong());
    }
    answer.abort();
    // nginx answers so to any range of an empty file
    return answer.status() == 416 && total.equals(OptionalLong.of(0)) ? new Empty() : askForAll();
  }

  /** Returns what the answer told besides: where it came from, who says so, and the validator. */
  List<String> details() {
    return details;
  }

  private List<String> describe(Exchange answer) {
    List<String> lines = new ArrayList<>();
    if (!answer.at().equals(original)) {
      lines.add("redirected to " + answer.at());
    }
    for (X509Certificate certificate : answer.peerCertificates()) {
      lines.add(
          "TLS certificate of %s, issued by %s, valid until %s"
              .formatted(
                  certificate.getSubjectX500Principal().getName(),
                  certificate.getIssuerX500Principal().getName(),
                  certificate.getNotAfter().toInstant()));
    }
    lines.add(answer.validator().toString());
    return List.copyOf(lines);
  }

  private Body askForAll() throws IOException {
    Exchange answer = ask(Optional.empty());
    if (answer.status() == 200) {
      return single(answer);
    }
    answer.abort();
    throw fatal(answer, "answers %d to a plain request".formatted(answer.status()));
  }

  private Exchange ask(Optional<ByteRange> range) throws IOException {
    int attemptsMax = Math.min(ATTEMPTS_MAX, options.attemptsMax());
    Attempts attempts = new Attempts(opening(), original, attemptsMax, connections);
    while (true) {
      try {
        return requester.get(original, range, Map.of(), new Cancellation());
      } catch (RequestException e) {
        attempts.failed(e);
      }
    }
  }

  private Body single(Exchange answer) throws IOException {
    if (!answer.isFramed()) {
      answer.abort();
      throw fatal(
          answer, "sends neither Content-Length nor chunks: a broken transfer would go unnoticed");
    }
    return new SingleAnswer(answer);
  }

  private Body resumable(Exchange answer, long size) throws IOException {
    RemoteFile file =
        new RemoteFile(
            name(), original, options, connections, requester, answer, conditions(answer), size);
    file.keepHead(readHead(file, answer));
    return new Resumable(file);
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

  /** Goes through the same checks as every later answer. */
  private static byte[] readHead(RemoteFile file, Exchange answer) throws IOException {
    ByteRange asked = new ByteRange(0, Math.min(HEAD_LENGTH, file.size()));
    try (ResumingReader reader = begin(file, answer, asked)) {
      ByteBuffer head = ByteBuffer.allocate((int) asked.end());
      reader.readFully(head);
      return head.array();
    }
  }

  private static ResumingReader begin(RemoteFile file, Exchange answer, ByteRange asked)
      throws SourceException {
    try {
      return ResumingReader.continuing(file, file.check(answer, asked), asked.end());
    } catch (RequestException e) {
      answer.abort();
      throw new SourceException(
          "%s: cannot be read by ranges: %s".formatted(file.name(), e.getMessage()), false, e);
    }
  }

  private static OptionalLong total(Exchange answer) {
    return answer
        .header("Content-Range")
        .flatMap(ContentRange::parse)
        .map(ContentRange::total)
        .orElse(OptionalLong.empty());
  }

  private SourceException fatal(Exchange answer, String what) {
    String begin = access == null ? "" : access.cannotOpen() + ": ";
    return new SourceException(begin + answer.at() + " " + what, false);
  }
}
