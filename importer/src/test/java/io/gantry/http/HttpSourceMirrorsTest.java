package io.gantry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.source.Source;
import io.gantry.source.SourceException;
import io.gantry.testkit.CannedServer;
import io.gantry.testkit.FaultyLink;
import io.gantry.testkit.Nginx;
import io.gantry.testkit.SourceContract;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A redirector that sends each request to another mirror. */
@Timeout(60)
final class HttpSourceMirrorsTest {

  private static final byte[] CONTENT = SourceContract.bytes(5_000_000);
  private static final FileTime TIME = FileTime.fromMillis(1_700_000_000_000L);
  private static final FileTime EARLIER = FileTime.fromMillis(1_600_000_000_000L);

  @TempDir Path folder;
  private final List<AutoCloseable> started = new ArrayList<>();
  private FaultyLink good;
  private FaultyLink twin;
  private FaultyLink stale;

  @BeforeEach
  void startMirrors() throws IOException {
    byte[] older = CONTENT.clone();
    older[4_000_000] ^= 1;
    good = mirror("good", CONTENT, TIME);
    twin = mirror("twin", CONTENT, TIME);
    stale = mirror("stale", older, EARLIER);
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : started.reversed()) {
      each.close();
    }
  }

  @Test
  void asksTheRedirectorOnceAndStaysWhereItLed() throws Exception {
    CannedServer redirector = redirectorTo(good, stale, stale);
    try (Source source = connect(redirector)) {
      assertThat(readAll(source)).isEqualTo(CONTENT);
    }
    assertThat(redirector.requests()).hasSize(1);
    assertThat(stale.requests()).isZero();
  }

  @Test
  void goesBackToTheMirrorItKnowsWhenThatCutsConnections() throws Exception {
    good.cutEvery(1_000_000, true);
    CannedServer redirector = redirectorTo(good, stale);
    try (Source source = connect(redirector)) {
      assertThat(readAll(source)).isEqualTo(CONTENT);
    }
    assertThat(redirector.requests()).hasSize(1);
  }

  @Test
  void goesOnAtAnotherMirrorWithTheSameValidator() throws Exception {
    CannedServer redirector = redirectorTo(good, stale, twin);
    try (Source source = connect(redirector)) {
      good.close();
      assertThat(readAll(source)).isEqualTo(CONTENT);
    }
    assertThat(twin.requests()).isPositive();
  }

  @Test
  void neverMixesInAnOlderFileOfTheSameLength() throws Exception {
    CannedServer redirector = redirectorTo(good, stale);
    try (Source source = connect(redirector)) {
      good.close();
      assertThatThrownBy(() -> readAll(source))
          .isInstanceOfSatisfying(SourceException.class, e -> assertThat(e.retryable()).isTrue());
    }
    assertThat(stale.requests()).isPositive();
  }

  @Test
  void deliversOneFileWholeWhicheverMirrorCameFirst() throws Exception {
    CannedServer redirector = redirectorTo(stale, good);
    try (Source source = connect(redirector)) {
      assertThat(readAll(source)[4_000_000]).isNotEqualTo(CONTENT[4_000_000]);
    }
  }

  @Test
  void resolvesAnExpiredLinkAgain() throws Exception {
    CannedServer expiring =
        track(
            CannedServer.saying(
                (_, index) -> index == 0 ? firstPart() : notFound("403 Forbidden")));
    CannedServer redirector =
        track(
            CannedServer.saying(
                (_, index) -> redirect(index == 0 ? expiring.url("/signed?x=1") : url(good))));
    try (Source source = connect(redirector)) {
      assertThat(readAll(source)).isEqualTo(CONTENT);
    }
    assertThat(redirector.requests()).hasSize(2);
    assertThat(expiring.requests()).hasSize(2);
  }

  @Test
  void triesAnotherMirrorWhenTheFirstLacksTheFile() throws Exception {
    CannedServer empty = track(CannedServer.saying((_, _) -> notFound("404 Not Found")));
    CannedServer redirector =
        track(
            CannedServer.saying(
                (_, index) -> redirect(index == 0 ? empty.url("/image") : url(good))));
    try (Source source = connect(redirector)) {
      assertThat(readAll(source)).isEqualTo(CONTENT);
    }
  }

  @Test
  void endsARedirectLoopAtTheLimit() throws Exception {
    CannedServer[] loop = new CannedServer[1];
    loop[0] = track(CannedServer.saying((_, index) -> redirect(loop[0].url("/" + index))));
    assertThatThrownBy(() -> connect(loop[0]))
        .isInstanceOfSatisfying(SourceException.class, e -> assertThat(e.retryable()).isFalse())
        .hasMessageContaining("more than 5 redirects");
    assertThat(loop[0].requests()).hasSize(6);
  }

  private byte[] firstPart() {
    String etag = "\"%x-%x\"".formatted(TIME.toMillis() / 1000, CONTENT.length);
    byte[] part = new byte[320 << 10];
    System.arraycopy(CONTENT, 0, part, 0, part.length);
    return CannedServer.answer(
        """
        HTTP/1.1 206 Partial Content
        Content-Range: bytes 0-%d/%d
        Content-Length: %d
        Connection: close
        ETag: %s
        """
            .formatted(part.length - 1, CONTENT.length, part.length, etag),
        part);
  }

  private static byte[] notFound(String status) {
    return CannedServer.answer(
        "HTTP/1.1 " + status + "\nContent-Length: 0\nConnection: close", new byte[0]);
  }

  private CannedServer redirectorTo(FaultyLink... mirrors) throws IOException {
    return track(
        CannedServer.saying(
            (_, index) -> redirect(url(mirrors[Math.min(index, mirrors.length - 1)]))));
  }

  private static byte[] redirect(String location) {
    return CannedServer.answer(
        "HTTP/1.1 302 Found\nLocation: " + location + "\nContent-Length: 0\nConnection: close",
        new byte[0]);
  }

  private static String url(FaultyLink mirror) {
    return "http://127.0.0.1:" + mirror.port() + "/image";
  }

  private FaultyLink mirror(String name, byte[] content, FileTime time) throws IOException {
    Path root = Files.createDirectories(folder.resolve(name));
    Files.setLastModifiedTime(Files.write(root.resolve("image"), content), time);
    Nginx nginx = track(Nginx.serve(root));
    return track(FaultyLink.to(nginx.port()));
  }

  private <T extends AutoCloseable> T track(T closeable) {
    started.add(closeable);
    return closeable;
  }

  private static Source connect(CannedServer server) throws IOException {
    return HttpSource.connect(URI.create(server.url("/image")), TestOptions.attempts(5).build());
  }

  private static byte[] readAll(Source source) throws IOException {
    try (ReadableByteChannel channel = source.open()) {
      return SourceContract.readAll(channel, ByteBuffer.allocate(256 << 10));
    }
  }
}
