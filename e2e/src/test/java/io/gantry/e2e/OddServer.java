package io.gantry.e2e;

import io.gantry.testkit.CannedServer;
import io.gantry.testkit.FaultyLink;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A web server with one file, which S3 and Cloud Storage clients can read, too; behind a network.
 * It is well until told otherwise, for some requests or for all, and well again when told so.
 */
final class OddServer implements Closeable {

  private static final Pattern RANGE = Pattern.compile("\r\nRange: bytes=(\\d+)-(\\d+)\r\n");

  /** What it does in place of a right answer. */
  interface Oddity {
    byte[] answer(OddServer server, String request);
  }

  private record Spell(int from, int to, Oddity oddity) {

    boolean covers(int index) {
      return index >= from && index < to;
    }
  }

  private final boolean ranges;
  private final CannedServer server;
  private volatile byte[] content;
  private final AtomicInteger version = new AtomicInteger(1);
  private volatile Spell spell = new Spell(0, 0, OddServer::answer);
  private FaultyLink link;

  private OddServer(byte[] content, boolean ranges) throws IOException {
    this.content = content;
    this.ranges = ranges;
    this.server =
        CannedServer.saying(
            (request, index) -> {
              Spell now = spell;
              Oddity does = now.covers(index) ? now.oddity() : OddServer::answer;
              return does.answer(this, request);
            });
    this.link = FaultyLink.to(server.port());
  }

  static OddServer serving(byte[] content, boolean ranges) throws IOException {
    return new OddServer(content, ranges);
  }

  /** Does so to that many requests, beginning with this one; the first is number 0. */
  OddServer odd(int from, int times, Oddity oddity) {
    spell = new Spell(from, from + times, oddity);
    return this;
  }

  /** Puts another content in place of this one. */
  void replace(byte[] other) {
    content = other;
    version.incrementAndGet();
  }

  /** Makes everything as it should be. */
  void heal() throws IOException {
    spell = new Spell(0, 0, OddServer::answer);
    link.close();
    link = FaultyLink.to(server.port());
  }

  FaultyLink link() {
    return link;
  }

  String url() {
    return "http://127.0.0.1:" + link.port() + "/images/disk";
  }

  int requests() {
    return server.requests().size();
  }

  /** Returns an answer without a body, as of {@code 404 Not Found}, with headers below it. */
  static byte[] status(String line) {
    return CannedServer.answer(
        "HTTP/1.1 " + line + "\nConnection: close\nContent-Length: 0", new byte[0]);
  }

  /** Answers rightly. */
  byte[] answer(String request) {
    if (conditionFails(request)) {
      return status("412 Precondition Failed");
    }
    Matcher range = RANGE.matcher(request);
    boolean stale = request.contains("\r\nIf-Range: ") && !request.contains(tag());
    return ranges && !stale && range.find()
        ? part(Integer.parseInt(range.group(1)), Integer.parseInt(range.group(2)) + 1)
        : whole();
  }

  private boolean conditionFails(String request) {
    return (request.contains("\r\nIf-Match: ") && !request.contains(tag()))
        || (request.contains("\r\nx-goog-if-generation-match: ")
            && !request.contains("-match: " + version));
  }

  private String tag() {
    return "\"v" + version + "\"";
  }

  byte[] whole() {
    return say("200 OK", "Content-Length: " + content.length, content);
  }

  byte[] part(int start, int end) {
    byte[] body = Arrays.copyOfRange(content, start, Math.min(end, content.length));
    return partCalled(
        "bytes %d-%d/%d".formatted(start, start + body.length - 1, content.length), body);
  }

  /** Answers with a part, right or not, that calls itself so. */
  byte[] partCalled(String contentRange, byte[] body) {
    String headers = "Content-Length: %d\nContent-Range: %s".formatted(body.length, contentRange);
    return say("206 Partial Content", headers, body);
  }

  private byte[] say(String status, String headers, byte[] body) {
    return CannedServer.answer(
        "HTTP/1.1 %s\nConnection: close\n%s\nETag: %s\nx-goog-generation: %d"
            .formatted(status, headers, tag(), version.get()),
        body);
  }

  @Override
  public void close() throws IOException {
    link.close();
    server.close();
  }
}
