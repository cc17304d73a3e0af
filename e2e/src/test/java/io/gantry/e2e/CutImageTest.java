package io.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.testkit.ContainerImage;
import io.gantry.testkit.DockerRegistry;
import io.gantry.testkit.Nginx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A QCOW2 image whose tables came whole and whose last clusters did not: the reference puts zeros
 * in their place and reports success (row 32 of the worker contract).
 */
final class CutImageTest {

  private static final long SIZE = 6 << 20;
  private static final int MISSING = 100_000;

  @TempDir(factory = InMemory.class)
  private static Path folder;

  private static byte[] cut;
  private static Nginx server;
  private static Nginx withoutRanges;
  private static DockerRegistry registry;

  private Path root;

  @BeforeAll
  static void serve() throws Exception {
    Path web = Files.createDirectory(folder.resolve("web"));
    Path disk = GuestDisk.write(folder.resolve("disk"), SIZE, 32);
    Path image = folder.resolve("image.qcow2");
    Tool.run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", disk, image);
    byte[] whole = Files.readAllBytes(image);
    cut = Arrays.copyOf(whole, whole.length - MISSING);
    Path file = Files.write(web.resolve("cut.qcow2"), cut);
    Tool.filter(file, web.resolve("cut.qcow2.gz"), "gzip", "-1");
    Tool.filter(file, web.resolve("cut.qcow2.xz"), "xz", "-0");
    Tool.filter(file, web.resolve("cut.qcow2.zst"), "zstd", "-q");
    server = Nginx.serve(web);
    withoutRanges = Nginx.serve(web, "max_ranges 0;");
    registry = DockerRegistry.serve(Files.createDirectory(folder.resolve("registry")));
    ContainerImage.builder()
        .layer(ContainerImage.gzip(ContainerImage.tar(Map.of("disk/disk.qcow2", cut))))
        .build()
        .push(registry, "disks/cut", "1");
  }

  @AfterAll
  static void stop() {
    server.close();
    withoutRanges.close();
    registry.close();
  }

  @BeforeEach
  void nameRoot() throws IOException {
    root = Files.createTempDirectory(folder, "pod");
  }

  private static void assertRefused(Pod pod) throws Exception {
    Pod.Ended ended = pod.run();

    assertThat(ended.status()).as(ended.outcome().err()).isEqualTo(1);
    assertThat(ended.message())
        .startsWith("Unable to process data: ")
        .contains("truncated", Integer.toString(cut.length));
    assertThat(ended.outcome().err()).contains("error code G301");
    assertThat(pod.data()).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cut.qcow2", "cut.qcow2.gz", "cut.qcow2.xz", "cut.qcow2.zst"})
  void isRefusedFromAWebServer(String file) throws Exception {
    assertRefused(Pod.withFilesystem(root).endpoint(server.url(file)));
  }

  @Test
  void isRefusedInOneStream() throws Exception {
    assertRefused(Pod.withFilesystem(root).endpoint(withoutRanges.url("cut.qcow2")));
  }

  @Test
  void isRefusedOutOfALayer() throws Exception {
    assertRefused(
        Pod.withFilesystem(root)
            .env("IMPORTER_SOURCE", "registry")
            .env("INSECURE_TLS", "true")
            .endpoint("docker://" + registry.host() + "/disks/cut:1"));
  }
}
