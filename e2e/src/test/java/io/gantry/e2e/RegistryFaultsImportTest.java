package io.gantry.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.testkit.CertificateAuthority;
import io.gantry.testkit.ContainerImage;
import io.gantry.testkit.DockerRegistry;
import io.gantry.testkit.FaultyLink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a registry does wrong, as the importer pod takes it: it goes on where that can be, and else
 * tells one line that the controller understands and leaves no disk.
 */
final class RegistryFaultsImportTest {

  private static final int MIB = 1 << 20;
  private static final int SIZE = 6 * MIB;

  /** What a connection brings: progress, and an eighth of the layer. */
  private static final int PIECE = 200_000;

  private static final String REFERENCE = "docker://%s/disks/one:1";

  @TempDir(factory = InMemory.class)
  private static Path folder;

  private static Path disk;
  private static byte[] layer;
  private static ContainerImage image;

  private Path root;

  @BeforeAll
  static void pack() throws Exception {
    disk = GuestDisk.write(folder.resolve("disk"), SIZE, 37);
    layer = ContainerImage.gzip(ContainerImage.tar(Map.of("disk/disk.img", bytes(disk))));
    image = ContainerImage.builder().layer(layer).build();
  }

  private static byte[] bytes(Path file) throws IOException {
    return Files.readAllBytes(file);
  }

  @BeforeEach
  void nameRoot() throws IOException {
    root = Files.createTempDirectory(folder, "pod");
  }

  private Pod pod(String endpoint) throws IOException {
    return registry(Pod.withFilesystem(root), endpoint);
  }

  private static Pod registry(Pod pod, String endpoint) {
    return pod.env("IMPORTER_SOURCE", "registry").env("INSECURE_TLS", "true").endpoint(endpoint);
  }

  private void assertComplete(Pod pod) throws Exception {
    Pod.Ended ended = pod.run();
    assertThat(ended.status()).as(ended.outcome().err()).isZero();
    assertThat(ended.message()).contains("Import Complete");
    Disks.assertSame(disk, pod.disk());
  }

  /** Demands a failure with these words for the controller, and an empty volume. */
  private static String assertFailed(Pod pod, String... words) throws Exception {
    Pod.Ended ended = pod.run();
    assertThat(ended.status()).as(ended.outcome().err()).isEqualTo(1);
    assertThat(ended.message())
        .startsWith("Unable to process data: Unable to transfer source data to scratch space: ")
        .contains(words)
        .doesNotContain("\n");
    assertThat(ended.message().split("failed to pull image", -1).length)
        .as(ended.message())
        .isLessThanOrEqualTo(2);
    assertThat(ended.outcome().err().strip().lines().toList().getLast()).endsWith(ended.message());
    ended.outcome().expectNoStackTrace();
    if (Files.exists(pod.data())) {
      assertThat(pod.data()).isEmptyDirectory();
    }
    return ended.message() + ended.outcome().err();
  }

  private static ScriptedRegistry scripted(ScriptedRegistry.Fault fault) throws IOException {
    return ScriptedRegistry.serving(image, fault);
  }

  private static boolean isLayer(String path) {
    return path.endsWith(ContainerImage.digest(layer));
  }

  // The network.

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void goesOnWhereConnectionsBreak(boolean abruptly) throws Exception {
    try (DockerRegistry registry = pushed("broken" + abruptly);
        FaultyLink link = FaultyLink.to(registry.port()).cutEvery(PIECE, abruptly)) {
      assertComplete(pod(REFERENCE.formatted("127.0.0.1:" + link.port())));
      assertThat(link.connections()).isGreaterThan(4);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void givesUpWhenNoConnectionBringsAnything(boolean abruptly) throws Exception {
    try (ScriptedRegistry registry = scripted((_, _, _) -> Optional.empty());
        FaultyLink link = FaultyLink.to(registry.port()).cutEvery(20_000, abruptly)) {
      assertFailed(
          pod(REFERENCE.formatted("127.0.0.1:" + link.port())),
          "failed to pull image: blob " + ContainerImage.digest(layer),
          "(tried 8 times)");
    }
  }

  @Test
  void saysThatNobodyAnswers() throws Exception {
    int port;
    try (ScriptedRegistry gone = scripted((_, _, _) -> Optional.empty())) {
      port = gone.port();
    }
    assertFailed(
        pod(REFERENCE.formatted("127.0.0.1:" + port)), "failed to pull image: ", "refused");
  }

  // Bytes.

  @ParameterizedTest
  @CsvSource({"true,has other bytes than its digest says", "false,must have "})
  void neverCallsADiskDoneWhoseLayerIsNotTheOneThatWasPushed(boolean rotten, String why)
      throws Exception {
    Path kept = folder.resolve("kept" + rotten);
    try (DockerRegistry registry = pushed(kept)) {
      spoil(stored(kept), rotten);
      String words = "failed to pull image: blob " + ContainerImage.digest(layer);

      assertFailed(pod(REFERENCE.formatted(registry.host())), words, why);

      Path backing = folder.resolve("device");
      try (LoopDevice device = LoopDevice.full(backing, SIZE + MIB, 512)) {
        Pod pod = Pod.withDevice(Files.createDirectory(root.resolve("block")), device.device());
        assertFailed(registry(pod, REFERENCE.formatted(registry.host())), words, why);
        LoopDevice.assertGarbage(backing, SIZE, SIZE + MIB);
      }
      Files.delete(backing);
    }
  }

  /** Flips a bit in the middle, where only the digest tells, or takes half of it away. */
  private static void spoil(Path blob, boolean rotten) throws IOException {
    byte[] bytes = bytes(blob);
    if (rotten) {
      bytes[bytes.length - 1] ^= 1;
      Files.write(blob, bytes);
    } else {
      Files.write(blob, Arrays.copyOf(bytes, bytes.length / 2));
    }
  }

  @Test
  void refusesADiskWhoseLayerWasPublishedCut() throws Exception {
    byte[] cut = Arrays.copyOf(layer, layer.length / 2);
    try (ScriptedRegistry registry =
        ScriptedRegistry.serving(
            ContainerImage.builder().layer(cut).build(), (_, _, _) -> Optional.empty())) {
      assertFailed(pod(registry.reference()), "failed to pull image: ", "cut short");
    }
  }

  // The registry's answers.

  @ParameterizedTest
  @ValueSource(strings = {"503 Service Unavailable", "429 Too Many Requests"})
  void waitsForARegistryThatIsBusy(String status) throws Exception {
    try (ScriptedRegistry registry =
        scripted(
            (_, _, earlier) ->
                earlier > 0
                    ? Optional.empty()
                    : Optional.of(ScriptedRegistry.status(status + "\nRetry-After: 1")))) {
      assertComplete(pod(registry.reference()));
    }
  }

  @Test
  void givesUpOnARegistryThatIsBusyForEver() throws Exception {
    try (ScriptedRegistry registry =
        scripted(
            (_, path, _) ->
                isLayer(path)
                    ? Optional.of(
                        ScriptedRegistry.status("503 Service Unavailable\nRetry-After: 0"))
                    : Optional.empty())) {
      assertFailed(
          pod(registry.reference()), "failed to pull image: blob sha256:", "answers 503", "tried");
    }
  }

  @Test
  void asksForAnotherTokenWhenOneEndsInTheMiddle() throws Exception {
    AtomicInteger tokens = new AtomicInteger();
    AtomicInteger left = new AtomicInteger();
    Base64.Encoder base64 = Base64.getEncoder();
    String basic = "Basic " + base64.encodeToString("guest:se cret".getBytes(UTF_8));
    try (ScriptedRegistry registry =
        scripted(
            (request, path, _) -> {
              if (path.startsWith("/token")) {
                left.set(3);
                return Optional.of(token(request, basic, tokens));
              }
              String right = "Authorization: Bearer t" + tokens.get() + "\r\n";
              if (!request.contains(right) || left.getAndDecrement() <= 0) {
                String host = request.replaceAll("(?is).*\r\nHost: ([^\r]*)\r.*", "$1");
                return Optional.of(challenge("Bearer realm=\"http://" + host + "/token\""));
              }
              return isLayer(path)
                  ? Optional.of(ScriptedRegistry.bytes(request, layer, PIECE))
                  : Optional.empty();
            })) {
      assertComplete(
          pod(registry.reference())
              .env("IMPORTER_ACCESS_KEY_ID", "guest")
              .env("IMPORTER_SECRET_KEY", "se cret"));
      assertThat(tokens.get()).isGreaterThan(2);
    }
  }

  private static byte[] token(String request, String basic, AtomicInteger tokens) {
    if (!request.contains("Authorization: " + basic)) {
      return ScriptedRegistry.status("401 Unauthorized");
    }
    String answer = "{\"token\":\"t%d\"}".formatted(tokens.incrementAndGet());
    return ScriptedRegistry.bytes("", answer.getBytes(UTF_8), MIB);
  }

  private static byte[] challenge(String text) {
    return ScriptedRegistry.status("401 Unauthorized\nWWW-Authenticate: " + text);
  }

  @Test
  void saysThatCredentialsAreMissingOrWrongWithoutTellingThem() throws Exception {
    try (ScriptedRegistry registry =
        scripted((_, _, _) -> Optional.of(challenge("Basic realm=\"images\"")))) {
      assertFailed(
          pod(registry.reference()), "failed to pull image: ", "answers 401", "wants a user");
      String told =
          assertFailed(
              pod(registry.reference())
                  .env("IMPORTER_ACCESS_KEY_ID", "guest")
                  .env("IMPORTER_SECRET_KEY", "very-secret"),
              "failed to pull image: ",
              "answers 401",
              "the credentials are refused");
      assertThat(told).doesNotContain("very-secret");
    }
  }

  @Test
  void saysThatTheImageOrItsLayerIsNotThere() throws Exception {
    try (ScriptedRegistry registry =
        scripted(
            (_, path, _) ->
                isLayer(path)
                    ? Optional.of(ScriptedRegistry.status("404 Not Found"))
                    : Optional.empty())) {
      assertFailed(
          pod("docker://127.0.0.1:%d/disks/one:2".formatted(registry.port())),
          "failed to pull image: ",
          "answers 404 for disks/one:2: no such image or tag");
      assertFailed(
          pod(registry.reference()),
          "failed to pull image: Failed to find VM disk image file in the container image",
          "answers 404");
    }
  }

  @Test
  void trustsNoAuthorityButThoseItWasGiven() throws Exception {
    CertificateAuthority right = CertificateAuthority.in(folder.resolve("right"));
    CertificateAuthority wrong = CertificateAuthority.in(folder.resolve("wrong"));
    Path kept = folder.resolve("kept-tls");
    pushed(kept).close();
    Path certificates = Files.createDirectories(root.resolve("certs"));
    try (DockerRegistry registry =
        DockerRegistry.serveTls(kept, right.issue("registry", "IP:127.0.0.1"))) {
      Pod pod =
          pod(REFERENCE.formatted(registry.host()))
              .env("INSECURE_TLS", "false")
              .env("IMPORTER_CERT_DIR", "/certs");
      Files.copy(wrong.certificate(), certificates.resolve("ca.pem"));

      String told = assertFailed(pod, "failed to pull image: ", "certificate is not trusted");

      assertThat(told).contains("G103");
      Files.copy(right.certificate(), certificates.resolve("other.pem"));
      assertComplete(pod);
    }
  }

  private static DockerRegistry pushed(String name) throws IOException {
    return pushed(folder.resolve(name));
  }

  private static DockerRegistry pushed(Path kept) throws IOException {
    DockerRegistry registry = DockerRegistry.serve(Files.createDirectories(kept));
    image.push(registry, "disks/one", "1");
    return registry;
  }

  private static Path stored(Path kept) {
    String hex = ContainerImage.digest(layer).substring("sha256:".length());
    return kept.resolve(
        "docker/registry/v2/blobs/sha256/%s/%s/data".formatted(hex.substring(0, 2), hex));
  }
}
