package io.gantry.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.source.SourceException;
import io.gantry.testkit.CannedServer;
import io.gantry.testkit.ContainerImage;
import io.gantry.testkit.DockerRegistry;
import io.gantry.testkit.FaultyLink;
import io.gantry.testkit.SourceContract;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A registry behind a bad network, or one whose disk has rotted. */
@Timeout(60)
final class RegistryFaultsTest {

  private static final byte[] DISK = SourceContract.bytes(20_000_003);
  private static final byte[] LAYER =
      ContainerImage.gzip(ContainerImage.tar(Map.of("disk/disk.img", DISK)));

  @TempDir Path folder;
  private Path root;
  private DockerRegistry registry;
  private FaultyLink link;

  @BeforeEach
  void start() throws Exception {
    root = Files.createDirectory(folder.resolve("root"));
    registry = DockerRegistry.serve(root);
    link = FaultyLink.to(registry.port());
    ContainerImage.builder().layer(LAYER).build().push(registry, "team/disk", "v1");
  }

  @AfterEach
  void stop() throws IOException {
    if (registry != null) {
      registry.close();
      link.close();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void deliversEveryByteOverConnectionsCutEveryFewMegabytes(boolean abruptly) throws Exception {
    link.cutEvery(3_000_000, abruptly);
    assertThat(pull().disk()).isEqualTo(DISK);
    assertThat(link.connections()).isBetween(7, 50);
    // A reset throws away what was on its way, an orderly end nothing.
    if (!abruptly) {
      assertThat(link.bytes()).isLessThan(LAYER.length + 1_000_000L);
    }
  }

  @Test
  void givesUpOnARegistryThatBringsNothing() throws Exception {
    try (RegistrySource source = pull().open()) {
      link.cutEvery(400, false);
      assertThatThrownBy(() -> readAll(source))
          .isInstanceOfSatisfying(SourceException.class, e -> assertThat(e.retryable()).isTrue())
          .hasMessageContaining("failed to pull image: blob sha256:")
          .hasMessageContaining("tried 4 times");
    }
  }

  @Test
  void closingBreaksOffAReadThatHangs() throws Exception {
    link.stall(2_000_000, 100);
    RegistrySource source = pull().open();
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Future<byte[]> read = threads.submit(() -> readAll(source));
      while (link.bytes() < 2_000_000) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
      long start = System.nanoTime();
      source.close();
      assertThatThrownBy(read::get).hasMessageContaining("closed while");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    }
  }

  @Test
  void refusesABlobThatRottedInTheRegistry() throws Exception {
    Path blob = stored(LAYER);
    byte[] bytes = Files.readAllBytes(blob);
    // Stored as it is, for random bytes do not compress: nothing but the digest can tell.
    bytes[bytes.length / 2] ^= 1;
    Files.write(blob, bytes);
    assertThatThrownBy(() -> pull().disk())
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("failed to pull image: blob " + ContainerImage.digest(LAYER))
        .hasMessageContaining("has other bytes than its digest says");
  }

  @Test
  void refusesABlobThatWasCutInTheRegistry() throws Exception {
    Files.write(stored(LAYER), Arrays.copyOf(LAYER, 5_000_000));
    assertThatThrownBy(() -> pull().disk())
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("failed to pull image: blob " + ContainerImage.digest(LAYER))
        .hasMessageContaining("it has 5000000 bytes, must have " + LAYER.length);
  }

  @Test
  void refusesALayerThatTheRegistryHasLost() throws Exception {
    Files.delete(stored(LAYER));
    assertThatThrownBy(() -> pull().disk())
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("failed to pull image: Failed to find VM disk image file")
        .hasMessageContaining("blob " + ContainerImage.digest(LAYER))
        .hasMessageContaining("answers 404");
  }

  @Test
  void refusesAManifestWithOtherBytesThanItsDigest() throws Exception {
    ContainerImage other = ContainerImage.builder().layer(LAYER).architecture("arm64").build();
    String asked = ContainerImage.digest(DISK);
    try (CannedServer server =
        CannedServer.saying(
            (request, _) ->
                request.startsWith("GET /v2/ ")
                    ? CannedServer.answer("HTTP/1.1 200 OK\nContent-Length: 2", new byte[2])
                    : CannedServer.answer(
                        "HTTP/1.1 200 OK\nContent-Type: %s\nContent-Length: %d"
                            .formatted(ContainerImage.MANIFEST, other.manifest().length),
                        other.manifest()))) {
      assertThatThrownBy(
              () ->
                  TestPulls.of("docker://127.0.0.1:%d/a/b@%s".formatted(server.port(), asked))
                      .insecure()
                      .open())
          .isInstanceOf(SourceException.class)
          .hasMessageContaining("failed to pull image")
          .hasMessageContaining("other bytes for manifest " + asked);
    }
  }

  @Test
  void waitsWhenItIsAskedForPatience() throws Exception {
    try (CannedServer server =
        CannedServer.saying(
            (request, number) ->
                request.startsWith("GET /v2/ ")
                    ? CannedServer.answer("HTTP/1.1 200 OK\nContent-Length: 2", new byte[2])
                    : number < 4
                        ? CannedServer.answer(
                            "HTTP/1.1 429 Too Many Requests\nRetry-After: 1\nContent-Length: 0",
                            new byte[0])
                        : CannedServer.answer(
                            "HTTP/1.1 404 Not Found\nContent-Length: 0", new byte[0]))) {
      long start = System.nanoTime();
      assertThatThrownBy(() -> TestPulls.of(reference(server.port())).insecure().open())
          .hasMessageContaining("answers 404");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(1));
    }
  }

  @Test
  void refusesAServerThatIsNoRegistry() throws Exception {
    try (CannedServer server =
        CannedServer.saying(
            (_, _) ->
                CannedServer.answer("HTTP/1.1 404 Not Found\nContent-Length: 0", new byte[0]))) {
      assertThatThrownBy(() -> TestPulls.of(reference(server.port())).insecure().open())
          .hasMessageContaining("failed to pull image")
          .hasMessageContaining("is no registry that we know: it answers 404 at /v2/");
    }
  }

  @Test
  void readsNoManifestLargerThanFourMebibytes() throws Exception {
    byte[] huge = new byte[(4 << 20) + 1];
    try (CannedServer server =
        CannedServer.saying(
            (request, _) ->
                request.startsWith("GET /v2/ ")
                    ? CannedServer.answer("HTTP/1.1 200 OK\nContent-Length: 2", new byte[2])
                    : CannedServer.answer(
                        "HTTP/1.1 200 OK\nContent-Length: " + huge.length, huge))) {
      assertThatThrownBy(() -> TestPulls.of(reference(server.port())).insecure().open())
          .hasMessageContaining("failed to pull image")
          .hasMessageContaining("the answer has more than 4194304 bytes");
    }
  }

  private TestPulls pull() {
    return TestPulls.of(reference(link.port())).insecure();
  }

  private static String reference(int port) {
    return "docker://127.0.0.1:%d/team/disk:v1".formatted(port);
  }

  private Path stored(byte[] blob) {
    String hex = ContainerImage.digest(blob).substring("sha256:".length());
    return root.resolve(
        "docker/registry/v2/blobs/sha256/%s/%s/data".formatted(hex.substring(0, 2), hex));
  }

  private static byte[] readAll(RegistrySource source) throws IOException {
    try (ReadableByteChannel channel = source.open()) {
      return SourceContract.readAll(channel, ByteBuffer.allocate(256 << 10));
    }
  }
}
