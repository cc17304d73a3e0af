package io.gantry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.source.Source;
import io.gantry.source.SourceException;
import io.gantry.testkit.CannedServer;
import io.gantry.testkit.SourceContract;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers right and wrong, written down byte for byte. */
@Timeout(60)
final class HttpSourceAnswersTest {

  private static final int HEAD = 320 << 10;
  private static final byte[] CONTENT = SourceContract.bytes(HEAD + 100_000);
  private static final byte[] NOTHING = {};

  private CannedServer server;

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void readsARangeThatTheServerMadeShorter() throws Exception {
    answering((request, _) -> partial(request, 100_000, "ETag: \"a\"", CONTENT.length));
    assertThat(readAll()).isEqualTo(CONTENT);
  }

  @Test
  void asksForAPathThatBeginsWithSeveralSlashes() throws Exception {
    answering((_, _) -> whole("Content-Length: 0", NOTHING));
    URI url = URI.create(server.url("//a/../b%2fc?d=%20&e"));
    HttpSource.connect(url, TestOptions.DEFAULTS).close();
    assertThat(server.requests().getFirst()).startsWith("GET //a/../b%2fc?d=%20&e HTTP/1.1\r\n");
  }

  @Test
  void asksForTheIdentityEncodingAndOneRange() throws Exception {
    answering((request, _) -> partial(request, HEAD, "ETag: \"a\"", CONTENT.length));
    readAll();
    assertThat(server.requests().getFirst())
        .startsWith("GET /image HTTP/1.1\r\n")
        .contains("\r\nAccept-Encoding: identity\r\n")
        .contains("\r\nUser-Agent: gantry/")
        .contains("\r\nRange: bytes=0-327679\r\n");
    assertThat(server.requests().getLast())
        .contains("\r\nRange: bytes=327680-427679\r\n")
        .contains("\r\nIf-Range: \"a\"\r\n");
  }

  @Test
  void takesTheModificationTimeForAValidatorWhenTheTagIsWeak() throws Exception {
    String headers = "ETag: W/\"a\"\nLast-Modified: Sat, 01 Aug 2026 10:00:00 GMT";
    answering((request, _) -> partial(request, HEAD, headers, CONTENT.length));
    try (Source source = connect()) {
      assertThat(source.ranges()).isPresent();
      assertThat(readAll(source)).isEqualTo(CONTENT);
    }
    assertThat(server.requests().getLast()).doesNotContain("If-Range");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ETag: W/\"a\"", "X-Nothing: 1"})
  void combinesNoAnswersWithoutAValidator(String header) throws Exception {
    answering(
        (request, _) ->
            request.contains("Range:")
                ? partial(request, HEAD, header, CONTENT.length)
                : whole("Content-Length: " + CONTENT.length, CONTENT));
    try (Source source = connect()) {
      assertThat(source.ranges()).isEmpty();
      assertThat(source.length()).hasValue(CONTENT.length);
      assertThat(readAll(source)).isEqualTo(CONTENT);
    }
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void takesTheBodyOfTheFirstAnswerWhenTheServerKnowsNoRanges() throws Exception {
    answering((_, _) -> whole("Content-Length: " + CONTENT.length, CONTENT));
    assertThat(readAll()).isEqualTo(CONTENT);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void readsChunksAndRefusesThemCutShort() throws Exception {
    byte[] chunked = chunked(CONTENT);
    answering(
        (_, index) ->
            whole(
                "Transfer-Encoding: chunked",
                index == 0 ? chunked : Arrays.copyOf(chunked, chunked.length - 5)));
    try (Source source = connect()) {
      assertThat(source.length()).isEmpty();
      assertThat(readAll(source)).isEqualTo(CONTENT);
    }
    assertThatThrownBy(this::readAll)
        .isInstanceOfSatisfying(SourceException.class, e -> assertThat(e.retryable()).isTrue());
  }

  @Test
  void asksForTheLengthOfABodyWhoseEndLooksLikeABreak() throws Exception {
    answering((request, _) -> withoutLength(request, CONTENT.length));
    try (HttpSource source = connect()) {
      assertThat(source.length()).hasValue(CONTENT.length);
      assertThat(source.endIsCertain()).isTrue();
      assertThat(readAll(source)).isEqualTo(CONTENT);
    }
    assertThat(server.requests()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, -1})
  void refusesABodyOfAnotherLengthThanHeadTold(int more) throws Exception {
    answering((request, _) -> withoutLength(request, CONTENT.length + more));
    assertThatThrownBy(this::readAll)
        .isInstanceOfSatisfying(SourceException.class, e -> assertThat(e.retryable()).isTrue())
        .hasMessageContaining(Integer.toString(CONTENT.length + more));
  }

  @ParameterizedTest
  @ValueSource(strings = {"405 Method Not Allowed", "500 Oops", ""})
  void saysThatNobodyKnowsTheEndWhenHeadDoesNotTell(String status) throws Exception {
    answering(
        (request, _) ->
            request.startsWith("GET")
                ? whole("Connection: close", CONTENT)
                : CannedServer.answer(status.isEmpty() ? "" : "HTTP/1.1 " + status, NOTHING));
    try (HttpSource source = connect()) {
      assertThat(source.length()).isEmpty();
      assertThat(source.endIsCertain()).isFalse();
      assertThat(readAll(source)).isEqualTo(CONTENT);
    }
  }

  /** The end of the body is the end of the connection; only HEAD tells where that should be. */
  private static byte[] withoutLength(String request, int length) {
    return request.startsWith("HEAD ")
        ? whole("Content-Length: " + length, NOTHING)
        : whole("Connection: close", CONTENT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"400 Bad Request", "403 Forbidden", "500 Oops", "501 Not Implemented"})
  void asksForAllOfItWhenTheServerRefusesRanges(String status) throws Exception {
    answering(
        (request, _) ->
            request.contains("Range:")
                ? CannedServer.answer("HTTP/1.1 " + status + "\nContent-Length: 0", NOTHING)
                : whole("Content-Length: " + CONTENT.length, CONTENT));
    assertThat(readAll()).isEqualTo(CONTENT);
  }

  @Test
  void asksAnAddressOfIpv6() throws Exception {
    server = onIpv6((_, _) -> whole("Content-Length: " + CONTENT.length, CONTENT));
    URI url = URI.create("http://[::1]:%d/image".formatted(server.port()));
    try (Source source = HttpSource.connect(url, TestOptions.DEFAULTS)) {
      assertThat(readAll(source)).isEqualTo(CONTENT);
    }
    assertThat(server.requests().getFirst())
        .contains("\r\nHost: [::1]:%d\r\n".formatted(server.port()));
  }

  private CannedServer onIpv6(CannedServer.Script script) throws IOException {
    answering(script);
    try {
      server.close();
      return CannedServer.saying(InetAddress.ofLiteral("::1"), script);
    } catch (BindException e) {
      return Assumptions.abort("no IPv6 here: " + e.getMessage());
    }
  }

  @Test
  void opensAStreamThatCannotBeRepeatedOnlyOnce() throws Exception {
    answering((_, _) -> whole("Content-Length: " + CONTENT.length, CONTENT));
    try (Source source = connect()) {
      readAll(source);
      assertThatThrownBy(source::open).isInstanceOf(IllegalStateException.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bytes 327680-427679/427681 | the length was 427680",
        "bytes 327679-427678/427680 | status 206 to a request for all of it",
        "bytes 327680-427679/*      | the length was 427680",
        "bytes */427680             | status 206 to a request for all of it",
        "none                       | status 206 to a request for all of it",
      })
  void refusesAnAnswerToAnotherQuestion(String contentRange, String message) throws Exception {
    byte[] tail = Arrays.copyOfRange(CONTENT, HEAD, CONTENT.length);
    answering(
        (request, index) ->
            index == 0
                ? partial(request, HEAD, "ETag: \"a\"", CONTENT.length)
                : CannedServer.answer(
                    "HTTP/1.1 206 Partial Content\nETag: \"a\"\nContent-Length: %d\nContent-Range: %s"
                        .formatted(tail.length, contentRange),
                    tail));
    assertThatThrownBy(this::readAll)
        .isInstanceOfSatisfying(SourceException.class, e -> assertThat(e.retryable()).isTrue())
        .hasMessageContaining("changed while it was being read")
        .hasMessageContaining(message);
  }

  @Test
  void asksForAllOfItWhenTheFirstAnswerIsNotTheBeginning() throws Exception {
    answering(
        (request, _) ->
            request.contains("Range:")
                ? mistaken("bytes 5-9/100", 5)
                : whole("Content-Length: " + CONTENT.length, CONTENT));
    try (Source source = connect()) {
      assertThat(source.ranges()).isEmpty();
      assertThat(readAll(source)).isEqualTo(CONTENT);
    }
  }

  @Test
  void refusesAPartWhereAllWasAskedFor() throws Exception {
    answering((_, _) -> mistaken("bytes 5-9/100", 5));
    assertThatThrownBy(this::connect)
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("expected status code 200, got 206. Status: 206 Partial Content");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bytes 327679-427678/427680 | 100000",
        "bytes 327680-427679/427680 | 99999",
        "none                       | 100000",
      })
  void asksForAllOfItWhenALaterAnswerIsToAnotherQuestion(String contentRange, int length)
      throws Exception {
    answering(
        (request, index) ->
            index == 0
                ? partial(request, HEAD, "ETag: \"a\"", CONTENT.length)
                : request.contains("Range:")
                    ? mistaken(contentRange, length)
                    : whole("ETag: \"a\"\nContent-Length: " + CONTENT.length, CONTENT));
    assertThat(readAll()).isEqualTo(CONTENT);
  }

  @Test
  void passesOverWhatItHasWhenTheServerSendsAllOfItAgain() throws Exception {
    answering(
        (request, index) ->
            index == 0
                ? partial(request, HEAD, "ETag: \"a\"", CONTENT.length)
                : whole("ETag: \"a\"\nContent-Length: " + CONTENT.length, CONTENT));
    assertThat(readAll()).isEqualTo(CONTENT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ETag: \"b\"\nContent-Length: 427680", "ETag: \"a\"\nContent-Length: 9"})
  void refusesAnotherFileInPlaceOfARange(String headers) throws Exception {
    answering(
        (request, index) ->
            index == 0
                ? partial(request, HEAD, "ETag: \"a\"", CONTENT.length)
                : whole(headers, CONTENT));
    assertThatThrownBy(this::readAll)
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("changed while it was being read");
  }

  /** A part of the same file as far as its tag goes, but not as it calls itself. */
  private static byte[] mistaken(String contentRange, int length) {
    return CannedServer.answer(
        """
        HTTP/1.1 206 Partial Content
        ETag: "a"
        Content-Length: %d
        Content-Range: %s
        """
            .formatted(length, contentRange),
        new byte[length]);
  }

  /** The last ones are no encodings at all, but what objects were stored with. */
  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd", "aws-chunked", "none", "x-xz", "UTF-8"})
  void takesBytesThatAreCalledEncodedAsTheyAre(String encoding) throws Exception {
    String headers = "ETag: \"a\"\nContent-Encoding: " + encoding;
    answering((request, _) -> partial(request, HEAD, headers, CONTENT.length));
    assertThat(readAll()).isEqualTo(CONTENT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "deflate", "aws-chunked, br"})
  void refusesAnEncodingThatNobodyTakesOff(String encoding) throws Exception {
    String headers = "Content-Encoding: %s\nContent-Length: 10".formatted(encoding);
    answering((_, _) -> whole(headers, new byte[10]));
    assertThatThrownBy(this::connect)
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("Content-Encoding " + encoding);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401 Unauthorized          | it needs credentials",
        "404 Not Found             | no such file, check the URL",
        "410 Gone                  | the file is gone",
        "204 No Content            | expected status code 200, got 204. Status: 204 No Content",
        "302 Found                 | a redirect without Location",
        "505 No Such Version       | expected status code 200, got 505. Status: 505 No Such"
            + " Version",
      })
  void saysWhatARefusalMeansAndDoesNotRepeatTheRequest(String status, String message)
      throws Exception {
    answering((_, _) -> CannedServer.answer("HTTP/1.1 " + status + "\nContent-Length: 0", NOTHING));
    assertThatThrownBy(this::connect)
        .isInstanceOfSatisfying(SourceException.class, e -> assertThat(e.retryable()).isFalse())
        .hasMessageContaining(server.url("/image"))
        .hasMessageContaining(status.substring(0, 3))
        .hasMessageContaining(message);
    assertThat(server.requests()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "403 Forbidden             | access refused",
        "501 Not Implemented       | expected status code 200, got 501. Status: 501 Not"
            + " Implemented",
      })
  void repeatsARequestThatMayBeRefusedForItsRangeOnceWithoutOne(String status, String message)
      throws Exception {
    answering((_, _) -> CannedServer.answer("HTTP/1.1 " + status + "\nContent-Length: 0", NOTHING));
    assertThatThrownBy(this::connect)
        .isInstanceOfSatisfying(SourceException.class, e -> assertThat(e.retryable()).isFalse())
        .hasMessageContaining(message);
    assertThat(server.requests()).hasSize(2);
    assertThat(server.requests().getLast()).doesNotContain("Range:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"408 Request Timeout", "429 Too Many Requests", "500 Oops", "503 Unavailable"})
  void asksABusyServerAgain(String status) throws Exception {
    answering(
        (request, index) ->
            index % 2 == 0
                ? CannedServer.answer("HTTP/1.1 " + status + "\nContent-Length: 0", NOTHING)
                : partial(request, HEAD, "ETag: \"a\"", CONTENT.length));
    assertThat(readAll()).isEqualTo(CONTENT);
  }

  @Test
  void waitsAsLongAsABusyServerAsks() throws Exception {
    String busy = "HTTP/1.1 503 Busy\nRetry-After: 1\nContent-Length: 0";
    answering(
        (request, index) ->
            index == 0
                ? CannedServer.answer(busy, NOTHING)
                : partial(request, HEAD, "ETag: \"a\"", CONTENT.length));
    long start = System.nanoTime();
    assertThat(readAll()).isEqualTo(CONTENT);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(990));
  }

  @Test
  void saysSoWhenAServerStaysBusy() throws Exception {
    String busy = "HTTP/1.1 503 Busy\nContent-Length: 0";
    answering((_, _) -> CannedServer.answer(busy, NOTHING));
    assertThatThrownBy(this::connect)
        .isInstanceOfSatisfying(SourceException.class, e -> assertThat(e.retryable()).isTrue())
        .hasMessageContaining("503")
        .hasMessageContaining("tried 4 times");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SSH-2.0-OpenSSH_9.2", "", "HTTP/1.1 banana"})
  void saysSoWhenTheAnswerIsNoHttp(String garbage) throws Exception {
    answering((_, _) -> (garbage + "\r\n").getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(this::connect)
        .isInstanceOf(SourceException.class)
        .hasMessageNotContaining("\n")
        .hasMessageContaining("127.0.0.1");
  }

  @Test
  void boundsTheHeadersOfAStranger() throws Exception {
    answering((_, _) -> whole("X: " + "x".repeat(1 << 20), NOTHING));
    assertThatThrownBy(this::connect).isInstanceOf(SourceException.class);
    server.close();
    answering((_, _) -> whole("X: x\n".repeat(10_000), NOTHING));
    assertThatThrownBy(this::connect).isInstanceOf(SourceException.class);
  }

  @Test
  void readsAnEmptyFile() throws Exception {
    answering(
        (_, _) ->
            CannedServer.answer(
                "HTTP/1.1 416 Range Not Satisfiable\nContent-Range: bytes */0\nContent-Length: 0",
                NOTHING));
    try (Source source = connect()) {
      assertThat(source.length()).hasValue(0);
      assertThat(readAll(source)).isEmpty();
    }
  }

  @Test
  void saysThatNobodyListens() throws Exception {
    answering((_, _) -> NOTHING);
    server.close();
    assertThatThrownBy(this::connect)
        .isInstanceOfSatisfying(SourceException.class, e -> assertThat(e.retryable()).isTrue())
        .hasMessageContaining(server.url("/image") + ": no connection");
  }

  @ParameterizedTest
  @CsvSource({
    "ftp://example.org/image, only http:// and https://",
    "image.qcow2, only http:// and https://",
    "http:/image, names no host",
    "http://user@:80/image, names no host",
    "http://example.org:99999/image, port \"99999\""
  })
  void saysWhatIsWrongWithAUrl(String url, String message) throws Exception {
    answering((_, _) -> NOTHING);
    assertThatThrownBy(() -> HttpSource.connect(URI.create(url), TestOptions.DEFAULTS))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining(message);
  }

  @Test
  void namesUnknownHosts() throws Exception {
    answering((_, _) -> NOTHING);
    assertThatThrownBy(
            () -> HttpSource.connect(URI.create("http://no.such.invalid/a"), TestOptions.DEFAULTS))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("unknown host no.such.invalid");
  }

  private void answering(CannedServer.Script script) throws IOException {
    server = CannedServer.saying(script);
  }

  private HttpSource connect() throws IOException {
    return HttpSource.connect(URI.create(server.url("/image")), TestOptions.DEFAULTS);
  }

  private byte[] readAll() throws IOException {
    try (Source source = connect()) {
      return readAll(source);
    }
  }

  private static byte[] readAll(Source source) throws IOException {
    try (ReadableByteChannel channel = source.open()) {
      return SourceContract.readAll(channel, ByteBuffer.allocate(1 << 20));
    }
  }

  private static byte[] whole(String headers, byte[] body) {
    return CannedServer.answer("HTTP/1.1 200 OK\n" + headers, body);
  }

  /** Answers the range that was asked for, but no more than {@code lengthMax} bytes of it. */
  private static byte[] partial(String request, int lengthMax, String headers, long total) {
    String[] range = request.replaceAll("(?s).*Range: bytes=(\\d+-\\d+).*", "$1").split("-", -1);
    int start = Integer.parseInt(range[0]);
    int end = Math.min(Integer.parseInt(range[1]) + 1, start + lengthMax);
    byte[] body = Arrays.copyOfRange(CONTENT, start, Math.min(end, CONTENT.length));
    return CannedServer.answer(
        """
        HTTP/1.1 206 Partial Content
        Connection: close
        Content-Length: %d
        Content-Range: bytes %d-%d/%d
        %s
        """
            .formatted(body.length, start, start + body.length - 1, total, headers),
        body);
  }

  private static byte[] chunked(byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int at = 0; at < content.length; at += 10_000) {
      int length = Math.min(10_000, content.length - at);
      out.writeBytes("%x\r\n".formatted(length).getBytes(StandardCharsets.US_ASCII));
      out.write(content, at, length);
      out.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    out.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return out.toByteArray();
  }
}
