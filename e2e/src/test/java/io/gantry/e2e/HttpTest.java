package io.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.gantry.testkit.CannedServer;
import io.gantry.testkit.CertificateAuthority;
import io.gantry.testkit.FaultyLink;
import io.gantry.testkit.Nginx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images from nginx, over good networks and bad ones; never with scratch space. */
final class HttpTest {

  private static final long SIZE = (24L << 20) + 512;
  private static final FileTime OLD = FileTime.fromMillis(1_600_000_000_000L);

  private static final List<String> FILES =
      List.of(
          "plain.qcow2",
          "small.qcow2",
          "deflate.qcow2",
          "zstd.qcow2",
          "disk",
          "disk.gz",
          "disk.xz",
          "disk.zst",
          "plain.qcow2.gz",
          "deflate.qcow2.xz");

  @TempDir(factory = InMemory.class)
  private static Path folder;

  private static Path root;
  private static Path disk;
  private static CertificateAuthority authority;
  private static Nginx plain;
  private static Nginx tls;
  private static Nginx guarded;
  private static Nginx withoutRanges;

  private final Path target = folder.resolve("target");

  @BeforeAll
  static void serve() throws Exception {
    root = Files.createDirectory(folder.resolve("root"));
    disk = GuestDisk.write(root.resolve("disk"), SIZE, 8);
    image("plain.qcow2", "-o", "cluster_size=64k");
    image("small.qcow2", "-o", "cluster_size=4k");
    image("deflate.qcow2", "-c");
    image("zstd.qcow2", "-c", "-o", "compression_type=zstd");
    Tool.filter(disk, root.resolve("disk.gz"), "gzip", "-1");
    Tool.filter(disk, root.resolve("disk.xz"), "xz", "-0", "--block-size=4MiB");
    Tool.filter(disk, root.resolve("disk.zst"), "zstd", "-q");
    Tool.filter(root.resolve("plain.qcow2"), root.resolve("plain.qcow2.gz"), "gzip", "-1");
    Tool.filter(root.resolve("deflate.qcow2"), root.resolve("deflate.qcow2.xz"), "xz", "-0");
    Path users = Files.writeString(folder.resolve("users"), "guest:{PLAIN}se cret\n");
    authority = CertificateAuthority.in(folder.resolve("authority"));

    plain = Nginx.serve(root);
    tls = Nginx.serveTls(root, authority.issue("server", "IP:127.0.0.1"));
    guarded = Nginx.serve(root, "auth_basic images;", "auth_basic_user_file " + users + ";");
    withoutRanges = Nginx.serve(root, "max_ranges 0;");
  }

  private static void image(String name, Object... options) throws Exception {
    List<Object> words = new ArrayList<>(List.of("qemu-img", "convert", "-O", "qcow2"));
    words.addAll(Arrays.asList(options));
    words.addAll(List.of("-f", "raw", disk, root.resolve(name)));
    Tool.run(words.toArray());
  }

  @AfterAll
  static void stop() {
    Stream.of(plain, tls, guarded, withoutRanges).filter(Objects::nonNull).forEach(Nginx::close);
  }

  @AfterEach
  void removeTarget() throws IOException {
    Files.deleteIfExists(target);
  }

  static Stream<String> files() {
    return FILES.stream();
  }

  @ParameterizedTest
  @MethodSource("files")
  void convertsFromAPlainServer(String file) throws Exception {
    expectDisk(InProcess.gantry("convert", plain.url(file), target));
  }

  @ParameterizedTest
  @MethodSource("files")
  void convertsFromAServerOfAnAuthorityOfItsOwn(String file) throws Exception {
    expectDisk(
        InProcess.gantry("convert", "--ca-file", authority.certificate(), tls.url(file), target));
  }

  @ParameterizedTest
  @MethodSource("files")
  void convertsFromAServerThatAsksForAPassword(String file) throws Exception {
    expectDisk(InProcess.gantry("convert", "--user", "guest:se cret", guarded.url(file), target));
  }

  @ParameterizedTest
  @MethodSource("files")
  void convertsFromAServerWithoutRanges(String file) throws Exception {
    expectDisk(InProcess.gantry("convert", withoutRanges.url(file), target));
  }

  static Stream<Arguments> cuts() {
    return FILES.stream().flatMap(f -> Stream.of(Arguments.of(f, true), Arguments.of(f, false)));
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void convertsOverConnectionsCutEveryFewMegabytes(String file, boolean abruptly) throws Exception {
    try (FaultyLink link = FaultyLink.to(plain.port()).cutEvery(3_000_000, abruptly)) {
      expectDisk(
          InProcess.gantry(
              "convert", "http://127.0.0.1:%d/%s".formatted(link.port(), file), target));
      assertThat(link.connections()).isGreaterThan(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain.qcow2", "deflate.qcow2", "disk.xz"})
  void convertsInAProcessOfItsOwn(String file) throws Exception {
    expectDisk(
        Program.gantry("convert", "--ca-file", authority.certificate(), tls.url(file), target)
            .run());
    expectDisk(Program.gantry("convert", "--force", withoutRanges.url(file), target).run());
  }

  @Test
  void keepsToTheMirrorThatARedirectorLedToFirst() throws Exception {
    Path staleRoot = Files.createDirectory(folder.resolve("stale"));
    Path stale = Files.copy(root.resolve("disk"), staleRoot.resolve("disk"));
    try (FileChannel channel = FileChannel.open(stale, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), SIZE / 2);
    }
    Files.setLastModifiedTime(stale, OLD);
    try (Nginx other = Nginx.serve(staleRoot);
        FaultyLink good = FaultyLink.to(plain.port()).cutEvery(3_000_000, true);
        CannedServer redirector =
            CannedServer.saying(
                (_, number) -> {
                  int port = number % 2 == 0 ? good.port() : other.port();
                  return CannedServer.answer(
                      "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:%d/disk\r\n"
                          .formatted(port),
                      new byte[0]);
                })) {

      Outcome outcome = InProcess.gantry("convert", redirector.url("/disk"), target);

      if (outcome.done()) {
        Disks.assertSame(disk, target);
      } else {
        outcome.expectRefused(3);
        assertThat(target).doesNotExist();
      }
    }
  }

  @Test
  void asksForFewLongStretchesWhereEveryAnswerTakesLong() throws Exception {
    Path large = GuestDisk.write(folder.resolve("large"), 512L << 20, 9);
    Path image = root.resolve("large.qcow2");
    Tool.run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", large, image);
    try (FaultyLink link = FaultyLink.to(plain.port()).delay(Duration.ofMillis(100))) {
      String url = "http://127.0.0.1:%d/large.qcow2".formatted(link.port());

      Outcome outcome = Program.gantry("convert", "--output", "json", url, target).run();

      outcome.expectDone();
      Disks.assertSame(large, target);
      assertThat(link.requests()).as("requests").isLessThanOrEqualTo(64);
      assertThat(new Gson().fromJson(outcome.out(), JsonObject.class).get("scratch-bytes"))
          .hasToString("0");
    } finally {
      Files.deleteIfExists(image);
      Files.deleteIfExists(large);
    }
  }

  @Test
  void refusesAServerOfAnAuthorityThatNobodyTrusts() throws Exception {
    Outcome outcome = Program.gantry("convert", tls.url("disk"), target).run();

    outcome.expectRefused(3);
    assertThat(outcome.err()).contains("not trusted", "CA file");
    assertThat(target).doesNotExist();
    expectDisk(InProcess.gantry("convert", "--insecure", tls.url("disk"), target));
  }

  @Test
  void refusesWhatIsNotThereOrNotForUs() throws Exception {
    Outcome missing = InProcess.gantry("convert", plain.url("missing"), target);
    missing.expectRefused(3);
    assertThat(missing.err()).contains("404");

    Outcome wrong = InProcess.gantry("convert", "--user", "guest:no", guarded.url("disk"), target);
    wrong.expectRefused(3);
    assertThat(wrong.err()).contains("401");
    assertThat(target).doesNotExist();
  }

  @Test
  void refusesAServerThatIsNotThere() throws Exception {
    String url;
    try (Nginx gone = Nginx.serve(root)) {
      url = gone.url("disk");
    }
    InProcess.gantry("convert", "--retries", "1", url, target).expectRefused(3);
    assertThat(target).doesNotExist();
  }

  private void expectDisk(Outcome outcome) throws IOException {
    outcome.expectDone();
    Disks.assertSame(disk, target);
  }
}
