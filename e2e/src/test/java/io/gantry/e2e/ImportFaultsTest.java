package io.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.testkit.CertificateAuthority;
import io.gantry.testkit.Nginx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
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
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The importer pod and everything that can go wrong on the way to a server. Whatever it is, no
 * wrong disk is called done: a failure has its text and its code, leaves nothing that looks like a
 * disk for good, and the next run against a server that is well makes the right one.
 */
final class ImportFaultsTest {

  private static final long SIZE = 16L << 20;
  private static final int FOR_EVER = 1 << 20;
  private static final int HEAD = 320 << 10;

  /** How an image comes. */
  enum Way {
    /** By ranges, cluster by cluster. */
    QCOW2("http", "disk.qcow2", true),
    /** In one answer, which cannot be taken up again. */
    RAW_STREAM("http", "disk", false),
    /** In order, over as many answers as it takes. */
    GZIP("http", "disk.gz", true),
    S3("s3", "disk.qcow2", true),
    GCS("gcs", "disk", true);

    private final String source;
    private final String file;
    private final boolean ranges;

    Way(String source, String file, boolean ranges) {
      this.source = source;
      this.file = file;
      this.ranges = ranges;
    }

    /** Objects go straight into the volume in the reference, what comes from elsewhere does not. */
    String pulling() {
      return "Unable to process data: Unable to transfer source data to "
          + (source.equals("http") ? "scratch space" : "target file")
          + ": failed to pull image: ";
    }

    String cannotConnect() {
      return "Unable to connect to "
          + source
          + " data source: "
          + (source.equals("http") ? "" : "could not get " + source + " object: \"images/disk\": ");
    }
  }

  @TempDir(factory = InMemory.class)
  private static Path folder;

  private static Path disk;

  private Path root;
  private OddServer server;

  @BeforeAll
  static void makeImages() throws Exception {
    disk = GuestDisk.write(folder.resolve("disk"), SIZE, 31);
    Path image = folder.resolve("disk.qcow2");
    Tool.run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", disk, image);
    Tool.filter(disk, folder.resolve("disk.gz"), "gzip", "-1");
    for (Way way : Way.values()) {
      assertThat(Files.size(folder.resolve(way.file))).isGreaterThan(4 * HEAD);
    }
  }

  @BeforeEach
  void nameRoot() throws IOException {
    root = Files.createTempDirectory(folder, "pod");
  }

  @AfterEach
  void stop() throws IOException {
    if (server != null) {
      server.close();
    }
  }

  private void serve(Way way) throws IOException {
    server = OddServer.serving(Files.readAllBytes(folder.resolve(way.file)), way.ranges);
  }

  private Pod pod(Way way) throws IOException {
    return configured(Pod.withFilesystem(root), way);
  }

  private Pod configured(Pod pod, Way way) {
    if (way == Way.S3) {
      pod.env("IMPORTER_ACCESS_KEY_ID", "id").env("IMPORTER_SECRET_KEY", "secret");
    }
    String url = server == null ? "" : server.url();
    return pod.env("IMPORTER_SOURCE", way.source).endpoint(url);
  }

  private void assertDone(Way way) throws Exception {
    assertDone(pod(way), disk);
  }

  private static void assertDone(Pod pod, Path expected) throws Exception {
    Pod.Ended ended = pod.run();
    assertThat(ended.status()).as(ended.outcome().err()).isZero();
    assertThat(ended.message()).contains("\"message\":\"Import Complete\"");
    Disks.assertSame(expected, pod.disk());
    assertThat(pod.data()).isDirectoryNotContaining(entry -> !entry.equals(pod.disk()));
  }

  /** Demands a failure, and that nothing is left that nobody knows to be unfinished. */
  private Pod.Ended assertFails(Pod pod, String begin, String text, String code) throws Exception {
    Pod.Ended ended = pod.run();
    assertThat(ended.status()).as(ended.outcome().err()).isEqualTo(1);
    assertThat(ended.message()).startsWith(begin).contains(text).doesNotContain("\n");
    assertThat(ended.outcome().err()).contains("error code " + code + " ");
    assertThat(ended.outcome().err().stripTrailing()).endsWith(ended.message());
    ended.outcome().expectNoStackTrace();
    assertThat(pod.disk()).doesNotExist();
    if (Files.exists(pod.unfinishedDisk())) {
      assertThat(pod.data().resolve(".gantry-resume")).exists();
    }
    return ended;
  }

  private void assertNextRunIsDone(Way way) throws Exception {
    server.heal();
    assertDone(way);
  }

  // The network.

  @ParameterizedTest
  @EnumSource(Way.class)
  void goesOnOverConnectionsThatAreReset(Way way) throws Exception {
    serve(way);
    server.link().cutEvery(HEAD + 100_000, true);
    if (way.ranges) {
      assertDone(way);
      return;
    }
    assertFails(pod(way), way.pulling(), "broke off at byte", "G102");
    assertThat(root.resolve("data")).isEmptyDirectory();
    assertNextRunIsDone(way);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void givesUpOnConnectionsThatAreResetAtOnce(Way way) throws Exception {
    serve(way);
    server.link().cutEvery(10, true);
    assertFails(pod(way), way.cannotConnect(), "(tried 4 times)", "G102");
    assertThat(root.resolve("data")).isEmptyDirectory();
    assertNextRunIsDone(way);
  }

  /** A quarter of a minute each, so not for all. */
  @ParameterizedTest
  @EnumSource(
      value = Way.class,
      names = {"QCOW2", "RAW_STREAM", "GCS"})
  void givesUpOnBodiesThatAreShortForEver(Way way) throws Exception {
    serve(way);
    int from = way.ranges ? 1 : 0;
    server.odd(from, FOR_EVER, (well, request) -> Arrays.copyOf(well.answer(request), 5000));
    String text = way.ranges ? "(tried 8 times)" : "cannot be resumed";
    assertFails(pod(way), way.pulling(), text, "G102");
    assertNextRunIsDone(way);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void leavesASilentConnection(Way way) throws Exception {
    serve(way);
    server.link().stall(HEAD + 100_000, 1);
    Pod pod = pod(way).env("GANTRY_STALL_TIMEOUT", "2");
    if (way.ranges) {
      assertDone(pod, disk);
      return;
    }
    assertFails(pod, way.pulling(), "the server is silent", "G102");
    assertThat(root.resolve("data")).isEmptyDirectory();
    assertNextRunIsDone(way);
  }

  /** A quarter of a minute each, so not for all. */
  @ParameterizedTest
  @EnumSource(
      value = Way.class,
      names = {"QCOW2", "RAW_STREAM", "S3"})
  void givesUpOnAServerThatIsSilentForEver(Way way) throws Exception {
    serve(way);
    server.link().stall(0, FOR_EVER);
    Pod pod = pod(way).env("GANTRY_STALL_TIMEOUT", "1");
    assertFails(pod, "Unable to ", "the server is silent", "G102");
    assertNextRunIsDone(way);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void saysThatNobodyListens(Way way) throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Pod pod = pod(way).endpoint("http://127.0.0.1:" + port + "/images/disk");
    String http = way.source.equals("http") ? "HTTP request errored: " : "";
    assertFails(pod, way.cannotConnect() + http, "no connection: Connection refused", "G102");
    assertThat(pod.data()).isEmptyDirectory();
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void saysThatNobodyKnowsTheHost(Way way) throws Exception {
    Pod pod = pod(way).endpoint("http://no.such.invalid/images/disk");
    assertFails(pod, way.cannotConnect(), "unknown host no.such.invalid", "G102");
    assertThat(pod.data()).isEmptyDirectory();
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void trustsNoStrangersAndNoOtherNames(Way way) throws Exception {
    Path web = Files.createTempDirectory(folder, "web");
    CertificateAuthority ours = CertificateAuthority.in(web.resolve("ours"));
    CertificateAuthority other = CertificateAuthority.in(web.resolve("other"));
    Path certificates = Files.createDirectories(root.resolve("certs"));
    Files.copy(ours.certificate(), certificates.resolve("ca.crt"));
    Path files = Files.createDirectories(web.resolve("root/images"));
    Files.copy(folder.resolve(way.file), files.resolve("disk"));
    try (Nginx stranger = Nginx.serveTls(web.resolve("root"), other.issue("a", "IP:127.0.0.1"));
        Nginx misnamed = Nginx.serveTls(web.resolve("root"), ours.issue("b", "DNS:b.example"));
        Nginx right = Nginx.serveTls(web.resolve("root"), ours.issue("c", "IP:127.0.0.1"))) {
      Pod pod = pod(way).env("IMPORTER_CERT_DIR", "/certs");
      for (Nginx wrong : new Nginx[] {stranger, misnamed}) {
        pod.endpoint(wrong.url("images/disk"));
        assertFails(pod, way.cannotConnect(), "certificate is not trusted", "G103");
        assertThat(pod.data()).isEmptyDirectory();
      }
      assertDone(pod.endpoint(right.url("images/disk")), disk);
    }
  }

  // The server.

  @ParameterizedTest
  @EnumSource(Way.class)
  void waitsForABusyServer(Way way) throws Exception {
    serve(way);
    server.odd(0, 1, (_, _) -> OddServer.status("503 Service Unavailable\nRetry-After: 1"));
    assertDone(way);
    server.odd(server.requests() + 1, 1, (_, _) -> OddServer.status("429 Too Many Requests"));
    Files.delete(root.resolve("data/disk.img"));
    assertDone(way);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void givesUpOnAServerThatIsBusyForEver(Way way) throws Exception {
    serve(way);
    server.odd(0, FOR_EVER, (_, _) -> OddServer.status("503 Service Unavailable"));
    assertFails(pod(way), way.cannotConnect(), "503", "G102");
    assertThat(root.resolve("data")).isEmptyDirectory();
    assertNextRunIsDone(way);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void readsAllOfItFromAServerThatMistakesRanges(Way way) throws Exception {
    serve(way);
    server.odd(
        1,
        FOR_EVER,
        (well, request) ->
            request.contains("\r\nRange: ") ? mistaken(well, way) : well.answer(request));
    assertDone(way);
  }

  private static byte[] mistaken(OddServer well, Way way) {
    try {
      return well.partCalled("bytes 0-999/" + Files.size(folder.resolve(way.file)), new byte[1000]);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void holdsBodiesToTheLengthTheyTell(Way way) throws Exception {
    serve(way);
    server.odd(
        way.ranges ? 1 : 0,
        1,
        (well, request) -> {
          byte[] right = well.answer(request);
          return Arrays.copyOf(right, right.length - 1);
        });
    if (way.ranges) {
      assertDone(way);
      return;
    }
    assertFails(pod(way), way.pulling(), "cannot be resumed", "G102");
    assertThat(root.resolve("data")).isEmptyDirectory();
  }

  @ParameterizedTest
  @EnumSource(value = Way.class, mode = EnumSource.Mode.EXCLUDE, names = "RAW_STREAM")
  void neverMixesTwoContents(Way way) throws Exception {
    serve(way);
    Path other = GuestDisk.write(root.resolve("other"), SIZE, 32);
    Path image = root.resolve("image");
    switch (way) {
      case QCOW2, S3 -> Tool.run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", other, image);
      case GZIP -> Tool.filter(other, image, "gzip", "-1");
      case GCS, RAW_STREAM -> Files.copy(other, image);
    }
    byte[] replacement = Files.readAllBytes(image);
    server.odd(
        1,
        1,
        (well, request) -> {
          well.replace(replacement);
          return well.answer(request);
        });
    assertFails(pod(way), way.pulling(), "changed while it was being read", "G102");
    server.heal();
    assertDone(pod(way), other);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void stopsARedirectLoop(Way way) throws Exception {
    serve(way);
    server.odd(0, FOR_EVER, (_, _) -> OddServer.status("302 Found\nLocation: /images/disk"));
    assertFails(pod(way), way.cannotConnect(), "more than 50 redirects", "G101");
    assertThat(server.requests()).isEqualTo(51);
    assertThat(root.resolve("data")).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource({
    "QCOW2, 404 Not Found",
    "RAW_STREAM, 404 Not Found",
    "GZIP, 401 Unauthorized",
    "QCOW2, 403 Forbidden",
    "S3, 404 Not Found",
    "S3, 403 Forbidden",
    "GCS, 404 Not Found",
    "GCS, 401 Unauthorized"
  })
  void saysThatTheServerRefuses(Way way, String status) throws Exception {
    serve(way);
    server.odd(0, FOR_EVER, (_, _) -> OddServer.status(status));
    String text =
        way.source.equals("http")
            ? "expected status code 200, got %s. Status: %s"
                .formatted(status.substring(0, 3), status)
            : "status " + status.substring(0, 3);
    Pod.Ended ended = assertFails(pod(way), way.cannotConnect(), text, "G101");
    assertThat(ended.message()).doesNotContain("HTTP request errored");
    assertThat(root.resolve("data")).isEmptyDirectory();
  }

  @ParameterizedTest
  @EnumSource(value = Way.class, mode = EnumSource.Mode.EXCLUDE, names = "RAW_STREAM")
  void saysThatCredentialsHaveExpiredOnTheWay(Way way) throws Exception {
    serve(way);
    server.odd(1, FOR_EVER, (_, _) -> OddServer.status("403 Forbidden"));
    assertFails(pod(way), way.pulling(), "403", "G101");
    assertNextRunIsDone(way);
  }

  @Test
  void asksForAllOfItWhereRangesAreRefused() throws Exception {
    serve(Way.QCOW2);
    server.odd(
        0,
        FOR_EVER,
        (well, request) ->
            request.contains("\r\nRange: ") ? OddServer.status("501 No Ranges") : well.whole());
    assertDone(Way.QCOW2);
  }

  /** What is written to a device cannot be taken back, but nobody is told that it is a disk. */
  @ParameterizedTest
  @EnumSource(Way.class)
  void fillsADeviceOnTheNextRun(Way way) throws Exception {
    serve(way);
    int from = way.ranges ? 1 : 0;
    server.odd(
        from,
        1,
        (well, request) -> {
          server.odd(0, FOR_EVER, (_, _) -> OddServer.status("404 Not Found"));
          return Arrays.copyOf(well.answer(request), HEAD + 100_000);
        });
    try (LoopDevice device =
        LoopDevice.full(Files.createTempFile(folder, "device", ""), SIZE + (1 << 20), 512)) {
      Pod pod = configured(Pod.withDevice(root, device.device()), way);
      assertFails(pod, way.pulling(), "", way.ranges ? "G101" : "G102");
      server.heal();
      Pod.Ended ended = configured(pod, way).run();
      assertThat(ended.status()).as(ended.outcome().err()).isZero();
      Tool.run("cmp", "-n", SIZE, disk, device.device());
    }
  }
}
