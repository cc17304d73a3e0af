package io.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.testkit.Nginx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What CDI's own importer does and this one keeps or does better: rows of the worker contract's
 * 10.1 that only a server can show.
 */
final class ReferenceRowsTest {

  private static final int MIB = 1 << 20;

  @TempDir(factory = InMemory.class)
  private static Path folder;

  private static Path web;
  private static Path log;
  private static Path sentBytes;
  private static Path disk;
  private static Nginx server;
  private static Nginx picky;

  private Path root;

  @BeforeAll
  static void serve() throws Exception {
    web = Files.createDirectory(folder.resolve("web"));
    log = folder.resolve("log");
    byte[] noise = new byte[6 * MIB];
    new SplittableRandom(35).nextBytes(noise);
    noise[0] = 0;
    disk = Files.write(web.resolve("disk"), noise);
    sentBytes = folder.resolve("sent");
    server =
        Nginx.serve(web, "access_log " + log + " combined;", "access_log " + sentBytes + " sent;");
    picky = Nginx.serve(web, "if ($http_user_agent != \"cdi-golang-importer\") { return 403; }");
  }

  @AfterAll
  static void stop() {
    server.close();
    picky.close();
  }

  @BeforeEach
  void nameRoot() throws IOException {
    root = Files.createTempDirectory(folder, "pod");
    Files.deleteIfExists(web.resolve("info"));
    Files.writeString(log, "");
    Files.writeString(sentBytes, "");
  }

  private Pod nodePull() throws IOException {
    Path shared = Files.createDirectories(root.resolve("shared"));
    Files.writeString(shared.resolve("ready"), "disk");
    return Pod.withFilesystem(root)
        .endpoint(server.url("disk.img"))
        .env("IMPORTER_PULL_METHOD", "node")
        .env("IMPORTER_READY_FILE", "/shared/ready")
        .env("IMPORTER_DONE_FILE", "/shared/done");
  }

  private static void assertComplete(Pod.Ended ended) {
    assertThat(ended.status()).as(ended.outcome().err()).isZero();
    assertThat(ended.message()).contains("\"message\":\"Import Complete\"");
  }

  /** Row 14: after ten minutes of conversion it would be too late. */
  @Test
  void asksForTheLabelsBeforeTheDisk() throws Exception {
    Files.writeString(web.resolve("info"), "{\"env\":[\"A_KUBEVIRT_IO_DEFAULT=b\"]}");

    Pod.Ended ended = nodePull().run();

    assertComplete(ended);
    assertThat(ended.message()).contains("\"labels\":{\"a.kubevirt.io/default\":\"b\"}");
    assertThat(Files.readAllLines(log)).first().asString().contains("\"GET /info ");
  }

  @Test
  void losesNothingButTheLabelsWhenTheyCannotBeHad() throws Exception {
    Pod pod = nodePull();

    Pod.Ended ended = pod.run();

    assertComplete(ended);
    assertThat(ended.message()).doesNotContain("labels");
    Disks.assertSame(disk, pod.disk());
  }

  /** Row 27: what the kubelet cannot hold must not turn success into failure. */
  @Test
  void dropsLabelsRatherThanTheSuccess() throws Exception {
    String many =
        IntStream.range(0, 300)
            .mapToObj("\"LABEL%d_KUBEVIRT_IO_DEFAULT=some-value\""::formatted)
            .collect(Collectors.joining(","));
    Files.writeString(web.resolve("info"), "{\"env\":[" + many + "]}");

    Pod.Ended ended = nodePull().run();

    assertComplete(ended);
    assertThat(ended.message().getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(4096);
    assertThat(root.resolve("shared/done")).exists();
  }

  /** Row 31. */
  @Test
  void callsItselfWhatCdiCallsItself() throws Exception {
    assertComplete(Pod.withFilesystem(root).endpoint(picky.url("disk")).run());
  }

  /** Row 19: told from the length, not found out at the end of the room. */
  @Test
  void refusesARawDiskThatIsTooLargeBeforeItComes() throws Exception {
    Tool.run("truncate", "--size=" + 256L * MIB, web.resolve("large"));
    Pod pod =
        Pod.withFilesystem(root)
            .endpoint(server.url("large"))
            .env("IMPORTER_IMAGE_SIZE", Integer.toString(10 * MIB));

    Pod.Ended ended = pod.run();

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.message())
        .contains(
            "virtual image size 268435456 is larger than the reported available storage 10485760."
                + " A larger PVC is required");
    assertThat(ended.outcome().err()).contains("error code G401");
    assertThat(pod.data()).isEmptyDirectory();
    long sent = 0;
    for (String bytes : Files.readAllLines(sentBytes)) {
      sent += Long.parseLong(bytes);
    }
    assertThat(sent).isLessThan(32L * MIB);
  }

  /** The reference spools it and looks then; nothing tells the size of such a disk but its end. */
  @ParameterizedTest
  @ValueSource(strings = {"gzip -1", "xz -0", "zstd -q"})
  void saysHowLargeACompressedDiskIsThatDoesNotFit(String compressor) throws Exception {
    Path large = folder.resolve("large");
    Tool.run("truncate", "--size=" + 64L * MIB, large);
    Tool.filter(large, web.resolve("large.compressed"), (Object[]) compressor.split(" "));
    Pod pod =
        Pod.withFilesystem(root)
            .endpoint(server.url("large.compressed"))
            .env("IMPORTER_IMAGE_SIZE", Integer.toString(10 * MIB));

    Pod.Ended ended = pod.run();

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.message())
        .contains(
            "virtual image size 67108864 is larger than the reported available storage 10485760."
                + " A larger PVC is required");
    assertThat(pod.data()).isEmptyDirectory();
  }

  /** Row 35: blocks that the tool stores as they are. */
  @ParameterizedTest
  @ValueSource(strings = {"-1", "-3", "-19", "--fast=5"})
  void importsZstdOfWhatDoesNotCompress(String level) throws Exception {
    Tool.filter(disk, web.resolve("disk.zst"), "zstd", "-q", level);
    Pod pod = Pod.withFilesystem(root).endpoint(server.url("disk.zst"));

    assertComplete(pod.run());

    Disks.assertSame(disk, pod.disk());
  }
}
