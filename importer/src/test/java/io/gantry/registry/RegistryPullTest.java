package io.gantry.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.http.HttpSource;
import io.gantry.image.UnsupportedImageException;
import io.gantry.source.SourceException;
import io.gantry.testkit.CannedServer;
import io.gantry.testkit.CertificateAuthority;
import io.gantry.testkit.ContainerImage;
import io.gantry.testkit.DockerRegistry;
import io.gantry.testkit.SourceContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pulls from a real registry: plain, over TLS, with a password. */
@Timeout(60)
final class RegistryPullTest {

  private static final byte[] DISK = SourceContract.bytes(3_000_017);
  private static final byte[] OTHER = SourceContract.bytes(100_003);

  /** {@code htpasswd -nbB guest "se cret"}: bcrypt is all that the registry knows. */
  private static final String USERS =
      "guest:$2y$05$VucqzKTr9I/8inSPjaTXR.kG0taGb3CQjTT9uVmKaKVXJQJAUX5Ja\n";

  @TempDir private static Path folder;
  private static Path root;
  private static CertificateAuthority authority;
  private static DockerRegistry plain;
  private static DockerRegistry tls;
  private static DockerRegistry guarded;
  private static ContainerImage image;

  @BeforeAll
  static void push() throws Exception {
    root = Files.createDirectory(folder.resolve("root"));
    plain = DockerRegistry.serve(root);
    image = image("amd64", DISK);
    image.push(plain, "team/disk", "v1");
    image.push(plain, "mirrored/team/disk", "v1");

    Map<String, ContainerImage> platforms = new LinkedHashMap<>();
    platforms.put("linux/s390x", image("s390x", OTHER));
    platforms.put("linux/arm64/v8", image("arm64", OTHER));
    platforms.put("linux/amd64", image);
    ContainerImage index = ContainerImage.index(ContainerImage.INDEX, platforms);
    index.push(plain, "team/disk", "all");
    ContainerImage.index(ContainerImage.DOCKER_LIST, platforms).push(plain, "team/disk", "list");
    ContainerImage.index(ContainerImage.INDEX, Map.of("none", index))
        .push(plain, "team/disk", "nested");

    authority = CertificateAuthority.in(folder.resolve("authority"));
    CertificateAuthority.Issued issued = authority.issue("server", "IP:127.0.0.1");
    tls = DockerRegistry.serveTls(root, issued);
    Path users = Files.writeString(folder.resolve("users"), USERS);
    guarded =
        DockerRegistry.serveTls(
            root, issued, "auth: {htpasswd: {realm: images, path: %s}}".formatted(users));
  }

  private static ContainerImage image(String architecture, byte[] disk) {
    return ContainerImage.builder()
        .architecture(architecture)
        .environment("PATH=/bin")
        .environment("KUBEVIRT_IO_TEST=" + architecture)
        .layer(ContainerImage.gzip(ContainerImage.tar(Map.of("etc/hosts", new byte[700]))))
        .layer(ContainerImage.gzip(ContainerImage.tar(Map.of("disk/disk.img", disk))))
        .build();
  }

  @AfterAll
  static void stop() {
    for (DockerRegistry registry : new DockerRegistry[] {plain, tls, guarded}) {
      if (registry != null) {
        registry.close();
      }
    }
  }

  private static TestPulls plain(String repositoryAndTag) {
    return TestPulls.of("docker://%s/%s".formatted(plain.host(), repositoryAndTag)).insecure();
  }

  private static TestPulls guarded() {
    return TestPulls.of("docker://%s/team/disk:v1".formatted(guarded.host()))
        .trusting(authority.certificate());
  }

  @Test
  void deliversTheDiskAndTellsItsLengthAndTheEnvironment() throws Exception {
    try (RegistrySource source = plain("team/disk:v1").open()) {
      assertThat(source.environment()).containsExactly("PATH=/bin", "KUBEVIRT_IO_TEST=amd64");
      assertThat(source.length()).isEmpty();
      source.open().close();
      assertThat(source.length()).hasValue(DISK.length);
      assertThat(source.ranges()).isEmpty();
    }
    assertThat(plain("team/disk:v1").disk()).isEqualTo(DISK);
  }

  @Test
  void pullsByDigest() throws Exception {
    assertThat(plain("team/disk:v2@" + image.digest()).disk()).isEqualTo(DISK);
  }

  @Test
  void hasNoIdentityBecauseWhatABrokenRunWroteIsVerifiedByNobody() throws Exception {
    try (RegistrySource source = plain("team/disk:v1").open()) {
      assertThat(source.identity()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"all", "list", "nested"})
  void choosesByArchitecture(String tag) throws Exception {
    assertThat(plain("team/disk:" + tag).disk()).isEqualTo(DISK);
    assertThat(plain("team/disk:" + tag).architecture("arm64").disk()).isEqualTo(OTHER);
    assertThat(plain("team/disk:" + tag).architecture("s390x").disk()).isEqualTo(OTHER);
  }

  @ParameterizedTest
  @CsvSource({"all,image index", "list,manifest list"})
  void refusesAnIndexWithoutTheArchitecture(String tag, String kind) {
    assertThatThrownBy(() -> plain("team/disk:" + tag).architecture("riscv64").open())
        .isInstanceOf(UnsupportedImageException.class)
        .hasMessageContaining(
            "Error retrieving image: choosing image instance: no image found in " + kind)
        .hasMessageContaining("for architecture \"riscv64\", variant \"\", OS \"linux\"")
        .hasMessageNotContaining("failed to pull image");
  }

  @Test
  void refusesASingleImageForAnotherArchitecture() {
    assertThatThrownBy(() -> plain("team/disk:v1").architecture("arm64").open())
        .isInstanceOf(UnsupportedImageException.class)
        .hasMessageContaining(
            "Error validating architecture: manifest image architecture: \"amd64\" doesn't match"
                + " requested architecture: \"arm64\"")
        .hasMessageNotContaining("failed to pull image");
  }

  @Test
  void saysWhatIsMissing() {
    assertThatThrownBy(() -> plain("team/disk:v9").open())
        .isInstanceOfSatisfying(
            SourceException.class,
            e -> {
              assertThat(e.retryable()).isFalse();
              assertThat(HttpSource.statusOf(e)).hasValue(404);
            })
        .hasMessageContaining("failed to pull image")
        .hasMessageContaining("answers 404 for team/disk:v9: no such image or tag");
  }

  @Test
  void speaksNoPlainHttpUnlessInsecure() {
    String reference = "docker://%s/team/disk:v1".formatted(plain.host());
    assertThatThrownBy(() -> TestPulls.of(reference).open())
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("failed to pull image")
        .hasMessageContaining("does not answer in TLS");
  }

  @Test
  void trustsAnAuthorityThatIsGivenAndNoOther() throws Exception {
    String reference = "docker://%s/team/disk:v1".formatted(tls.host());
    assertThat(TestPulls.of(reference).trusting(authority.certificate()).disk()).isEqualTo(DISK);
    assertThat(TestPulls.of(reference).insecure().disk()).isEqualTo(DISK);
    assertThatThrownBy(() -> TestPulls.of(reference).open())
        .hasMessageContaining("failed to pull image")
        .hasMessageContaining("certificate is not trusted");
  }

  @Test
  void tellsWhereItIsAndWhoVouchesForIt() throws Exception {
    String reference = "docker://%s/team/disk:v1".formatted(tls.host());
    try (RegistrySource source =
        RegistrySource.open(TestPulls.of(reference).trusting(authority.certificate()).build())) {
      assertThat(source.details()).contains("registry https://%s/".formatted(tls.host()));
      assertThat(source.details())
          .anyMatch(line -> line.startsWith("TLS certificate of CN=server"));
      assertThat(source.details()).anyMatch(line -> line.matches("manifest sha256:[0-9a-f]{64}"));
      assertThat(source.details())
          .anyMatch(line -> line.matches("image for amd64 with 2 layers of [0-9]+ bytes"));
    }
  }

  @Test
  void logsInWithAPassword() throws Exception {
    assertThat(guarded().login("guest", "se cret").disk()).isEqualTo(DISK);
  }

  @Test
  void logsInAsTheContainerToolsFileSays() throws Exception {
    String pair =
        Base64.getEncoder().encodeToString("guest:se cret".getBytes(StandardCharsets.UTF_8));
    Path file =
        Files.writeString(
            folder.resolve("auth.json"),
            "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}".formatted(guarded.host(), pair));
    assertThat(guarded().environment("REGISTRY_AUTH_FILE", file).disk()).isEqualTo(DISK);
  }

  @Test
  void saysWhenItNeedsCredentialsAndWhenTheyAreWrong() {
    assertThatThrownBy(() -> guarded().open())
        .hasMessageContaining("failed to pull image")
        .hasMessageContaining("answers 401")
        .hasMessageContaining("wants a user and password");
    assertThatThrownBy(() -> guarded().login("guest", "wrong").open())
        .hasMessageContaining("failed to pull image")
        .hasMessageContaining("credentials are refused")
        .hasMessageNotContaining("wrong");
  }

  @Test
  void asksMirrorsInOrderAndTheRegistryLast() throws Exception {
    String registry = plain.host();
    // The first does not answer, the second has no such image, the third has it elsewhere.
    assertThat(
            TestPulls.of("docker://registry.invalid/team/disk:v1")
                .mirror("registry.invalid", "127.0.0.1:1", registry + "/no", registry + "/mirrored")
                .insecure()
                .disk())
        .isEqualTo(DISK);
    assertThat(plain("team/disk:v1").mirror(registry, "127.0.0.1:1").disk()).isEqualTo(DISK);
    assertThatThrownBy(
            () ->
                TestPulls.of("docker://registry.invalid/team/disk:v1")
                    .mirror("registry.invalid", registry + "/no")
                    .insecure()
                    .open())
        .hasMessageContaining("failed to pull image")
        .hasMessageContaining("unknown host registry.invalid")
        .hasMessageContaining("mirror " + registry);
  }

  @Test
  void fetchesALayerThatItsPublisherServesThereAndWithoutCredentials() throws Exception {
    byte[] layer = ContainerImage.gzip(ContainerImage.tar(Map.of("disk/disk.img", DISK)));
    try (CannedServer publisher =
        CannedServer.saying(
            (request, _) ->
                request.startsWith("GET /layer ")
                    ? CannedServer.answer("HTTP/1.1 200 OK\nContent-Length: " + layer.length, layer)
                    : CannedServer.answer(
                        "HTTP/1.1 404 Not Found\nContent-Length: 0", new byte[0]))) {
      ContainerImage foreign =
          ContainerImage.builder()
              .foreignLayer(
                  layer, "ftp://a/b", "no url", publisher.url("/gone"), publisher.url("/layer"))
              .build();
      ContainerImage nowhere =
          ContainerImage.builder().foreignLayer(layer, publisher.url("/gone")).build();
      try (CannedServer registry = serving(foreign)) {
        assertThat(foreign(registry).disk()).isEqualTo(DISK);
        assertThat(publisher.requests()).hasSize(2).noneMatch(r -> r.contains("Authorization"));
        assertThat(registry.requests()).noneMatch(r -> r.contains(ContainerImage.digest(layer)));
      }
      try (CannedServer registry = serving(nowhere)) {
        assertThatThrownBy(() -> foreign(registry).disk())
            .hasMessageContaining("failed to pull image: Failed to find VM disk image file")
            .hasMessageContaining("answers 404");
        assertThat(registry.requests())
            .anyMatch(r -> r.startsWith("GET /v2/a/b/blobs/" + ContainerImage.digest(layer)));
      }
    }
  }

  private static TestPulls foreign(CannedServer registry) {
    return TestPulls.of("docker://127.0.0.1:%d/a/b:1".formatted(registry.port()))
        .login("guest", "se cret")
        .insecure();
  }

  private static CannedServer serving(ContainerImage image) throws IOException {
    Map<String, byte[]> files = image.served("a/b", "1");
    files.put("/v2/", new byte[2]);
    return CannedServer.saying(
        (request, _) -> {
          byte[] body = files.get(request.split(" ", 3)[1]);
          return body == null
              ? CannedServer.answer("HTTP/1.1 404 Not Found\nContent-Length: 0", new byte[0])
              : CannedServer.answer("HTTP/1.1 200 OK\nContent-Length: " + body.length, body);
        });
  }
}
