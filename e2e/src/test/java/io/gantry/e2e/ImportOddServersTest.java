package io.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.testkit.CannedServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that no standard had in mind, and that the reference imports from all the same. */
final class ImportOddServersTest {

  private static final long SIZE = 6L << 20;
  private static final byte[] NOTHING = {};

  @TempDir(factory = InMemory.class)
  private static Path folder;

  private static Path disk;

  private CannedServer server;
  private Path root;

  @BeforeAll
  static void makeImages() throws Exception {
    disk = GuestDisk.write(folder.resolve("disk"), SIZE, 41);
    Path image = folder.resolve("disk.qcow2");
    Tool.run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", disk, image);
    Tool.filter(disk, folder.resolve("disk.gz"), "gzip", "-1");
  }

  @BeforeEach
  void nameRoot() throws IOException {
    root = Files.createTempDirectory(folder, "pod");
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private Pod pod(String path) throws IOException {
    return Pod.withFilesystem(root).endpoint(server.url(path));
  }

  private Pod.Ended assertDone(Pod pod) throws Exception {
    Pod.Ended ended = pod.run();
    assertThat(ended.status()).as(ended.outcome().err()).isZero();
    Disks.assertSame(disk, pod.disk());
    return ended;
  }

  private static byte[] file(String name) throws IOException {
    return Files.readAllBytes(folder.resolve(name));
  }

  private static byte[] whole(String headers, byte[] body) {
    return CannedServer.answer("HTTP/1.1 200 OK\n" + headers, body);
  }

  /** Whatever a request asks for, all of it comes; HEAD is refused in several ways. */
  @ParameterizedTest
  @CsvSource({
    "disk, 405 Method Not Allowed",
    "disk.gz, 403 Forbidden",
    "disk.qcow2, 500 Oops",
    "disk.qcow2, ''"
  })
  void readsWithoutRangesAndWithoutHead(String name, String head) throws Exception {
    byte[] content = file(name);
    server =
        CannedServer.saying(
            (request, _) ->
                request.startsWith("HEAD")
                    ? head.isEmpty() ? NOTHING : CannedServer.answer("HTTP/1.1 " + head, NOTHING)
                    : whole("Accept-Ranges: none\nContent-Length: " + content.length, content));
    assertDone(pod("/" + name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"disk", "disk.gz", "disk.qcow2"})
  void readsChunks(String name) throws Exception {
    byte[] content = chunked(file(name));
    server = CannedServer.saying((_, _) -> whole("Transfer-Encoding: chunked", content));
    assertDone(pod("/" + name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"disk", "disk.gz", "disk.qcow2"})
  void failsWhenChunksAreCutShort(String name) throws Exception {
    byte[] content = chunked(file(name));
    byte[] cut = Arrays.copyOf(content, content.length - 5);
    server = CannedServer.saying((_, _) -> whole("Transfer-Encoding: chunked", cut));
    Pod pod = pod("/" + name);

    Pod.Ended ended = pod.run();

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.message()).contains("failed to pull image: ");
    assertThat(pod.data()).isEmptyDirectory();
  }

  /** HTTP/1.0: the body ends with the connection. */
  @ParameterizedTest
  @ValueSource(strings = {"disk", "disk.gz", "disk.qcow2"})
  void readsWhatHasNoLengthAndWarnsOfIt(String name) throws Exception {
    byte[] content = file(name);
    server =
        CannedServer.saying(
            (request, _) ->
                request.startsWith("HEAD")
                    ? CannedServer.answer("HTTP/1.0 501 Unsupported method ('HEAD')", NOTHING)
                    : CannedServer.answer("HTTP/1.0 200 OK", content));
    assertThat(assertDone(pod("/" + name)).outcome().err())
        .contains("the server does not tell the image's length");
  }

  @ParameterizedTest
  @ValueSource(strings = {"disk", "disk.gz", "disk.qcow2"})
  void refusesABodyShorterThanHeadTells(String name) throws Exception {
    byte[] content = file(name);
    byte[] cut = Arrays.copyOf(content, content.length / 2);
    server =
        CannedServer.saying(
            (request, _) ->
                request.startsWith("HEAD")
                    ? CannedServer.answer(
                        "HTTP/1.0 200 OK\nContent-Length: " + content.length, NOTHING)
                    : CannedServer.answer("HTTP/1.0 200 OK", cut));
    Pod pod = pod("/" + name);

    Pod.Ended ended = pod.run();

    assertThat(ended.status()).isEqualTo(1);
    assertThat(pod.data()).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource({
    "301 Moved Permanently, /b/disk",
    "302 Found, ../b/disk",
    "303 See Other, /b/disk?x=y",
    "307 Temporary Redirect, //127.0.0.1:PORT/b/disk",
    "308 Permanent Redirect, http://127.0.0.1:PORT/b/disk"
  })
  void followsRedirects(String status, String location) throws Exception {
    byte[] content = file("disk");
    server =
        CannedServer.saying(
            (request, _) ->
                request.startsWith("GET /b/disk")
                    ? whole("Content-Length: " + content.length, content)
                    : OddServer.status(
                        status
                            + "\nLocation: "
                            + location.replace("PORT", Integer.toString(server.port()))));
    assertDone(pod("/a/disk").env("IMPORTER_EXTRA_HEADER_0", "X-Token: open"));
    assertThat(server.requests()).hasSize(2).allMatch(head -> head.contains("X-Token: open\r\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/a%2Fb%20c/../d?sig=a%2Bb/c==&x=1+2 | /a%2Fb%20c/../d?sig=a%2Bb/c==&x=1+2",
        "/my disk [1].img?v={2}              | /my%20disk%20%5B1%5D.img?v=%7B2%7D",
        "/disk?name=ü&p=100%                 | /disk?name=%C3%BC&p=100%25"
      })
  void asksForOddPathsAndQueries(String path, String target) throws Exception {
    byte[] content = file("disk");
    server =
        CannedServer.saying(
            (request, _) ->
                request.startsWith("GET " + target + " HTTP/1.1\r\n")
                    ? whole("Content-Length: " + content.length, content)
                    : OddServer.status("404 Not Found"));
    assertDone(pod(path));
  }

  @Test
  void warnsOfTextAndGoesOn() throws Exception {
    byte[] content = file("disk.qcow2");
    server =
        CannedServer.saying(
            (_, _) ->
                whole(
                    "Content-Type: text/plain; charset=utf-8\nContent-Length: " + content.length,
                    content));
    assertThat(assertDone(pod("/disk.qcow2")).outcome().err())
        .contains(
            "Unexpected content type 'text/plain; charset=utf-8'. Content might not be a KubeVirt"
                + " image.");
  }

  @Test
  void sendsTheHeadersOfThePod() throws Exception {
    byte[] content = file("disk");
    server = CannedServer.saying((_, _) -> whole("Content-Length: " + content.length, content));
    Files.createDirectories(root.resolve("extraheaders/0"));
    Files.writeString(root.resolve("extraheaders/0/a"), "Authorization: Bearer secret\n");
    Pod pod =
        pod("/disk")
            .env("IMPORTER_EXTRA_HEADER_0", "nothing")
            .env("IMPORTER_EXTRA_HEADER_1", "User-Agent: somebody")
            .env("IMPORTER_EXTRA_HEADER_2", "Accept-Encoding: gzip")
            .env("IMPORTER_EXTRA_HEADER_3", "X-Time: 10:30");

    String log = assertDone(pod).outcome().err();

    assertThat(server.requests().getFirst())
        .contains("\r\nUser-Agent: somebody\r\n", "\r\nX-Time: 10:30\r\n")
        .contains("\r\nAuthorization: Bearer secret\r\n", "\r\nAccept-Encoding: identity\r\n")
        .doesNotContain("nothing", "cdi-golang");
    assertThat(log).contains("Accept-Encoding").doesNotContain("Bearer", "10:30");
  }

  @Test
  void sendsUserAndPasswordInPlaceOfAnExtraAuthorization() throws Exception {
    byte[] content = file("disk");
    server = CannedServer.saying((_, _) -> whole("Content-Length: " + content.length, content));
    assertDone(
        pod("/disk")
            .env("IMPORTER_EXTRA_HEADER_0", "Authorization: Bearer secret")
            .env("IMPORTER_ACCESS_KEY_ID", "alice")
            .env("IMPORTER_SECRET_KEY", "secret"));
    assertThat(server.requests().getFirst())
        .contains(
            "\r\nAuthorization: Basic YWxpY2U6c2VjcmV0\r\n", "User-Agent: cdi-golang-importer")
        .doesNotContain("Bearer");
  }

  @Test
  void saysThatTheDirectoryOfAuthoritiesCannotBeRead() throws Exception {
    server = CannedServer.saying((_, _) -> NOTHING);
    Pod.Ended ended = pod("/disk").env("IMPORTER_CERT_DIR", "/certs").run();
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.message())
        .isEqualTo(
            "Unable to connect to http data source: CA directory %s cannot be read: no such directory"
                .formatted(root.resolve("certs")));
    assertThat(ended.outcome().err()).contains("error code G103");
  }

  private static byte[] chunked(byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int at = 0; at < content.length; at += 100_000) {
      int length = Math.min(100_000, content.length - at);
      out.writeBytes("%x\r\n".formatted(length).getBytes(StandardCharsets.US_ASCII));
      out.write(content, at, length);
      out.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    out.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return out.toByteArray();
  }
}
