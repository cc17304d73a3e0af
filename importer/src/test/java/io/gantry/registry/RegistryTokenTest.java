package io.gantry.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.source.SourceException;
import io.gantry.testkit.CannedServer;
import io.gantry.testkit.CertificateAuthority;
import io.gantry.testkit.ContainerImage;
import io.gantry.testkit.DockerRegistry;
import io.gantry.testkit.SourceContract;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Registries that want a token: a real one, and one that takes tokens away in the middle. */
@Timeout(60)
final class RegistryTokenTest {

  private static final byte[] DISK = SourceContract.bytes(3_000_017);
  private static final String BASIC =
      "Authorization: Basic " + Base64.getEncoder().encodeToString("guest:se cret".getBytes(UTF_8));

  @TempDir Path folder;
  private Path root;
  private CertificateAuthority authority;
  private CertificateAuthority.Issued issued;
  private ContainerImage image;

  @BeforeEach
  void push() throws Exception {
    root = Files.createDirectory(folder.resolve("root"));
    authority = CertificateAuthority.in(folder.resolve("authority"));
    issued = authority.issue("issuer", "DNS:issuer");
    image =
        ContainerImage.builder()
            .layer(ContainerImage.gzip(ContainerImage.tar(Map.of("disk/disk.img", DISK))))
            .build();
    try (DockerRegistry open = DockerRegistry.serve(root)) {
      image.push(open, "team/disk", "v1");
    }
  }

  @Test
  void pullsAPublicImageWithATokenForAnybody() throws Exception {
    try (TokenIssuer issuer = TokenIssuer.start(issued, "");
        DockerRegistry registry = DockerRegistry.serve(root, issuer.settings(authority))) {
      assertThat(pull(registry).disk()).isEqualTo(DISK);
      // One token serves manifest, config and layer.
      assertThat(issuer.requests()).hasSize(1);
      assertThat(issuer.requests().getFirst())
          .startsWith(
              "GET /token?service=gantry-registry&scope=repository%3Ateam%2Fdisk%3Apull HTTP/1.1")
          .contains("User-Agent: gantry-test")
          .doesNotContain("Authorization");
    }
  }

  @Test
  void givesThePasswordToTheTokenServerAndTheTokenToTheRegistry() throws Exception {
    try (TokenIssuer issuer = TokenIssuer.start(issued, BASIC);
        DockerRegistry registry = DockerRegistry.serve(root, issuer.settings(authority))) {
      assertThat(pull(registry).login("guest", "se cret").disk()).isEqualTo(DISK);
      assertThatThrownBy(() -> pull(registry).login("guest", "wrong").open())
          .isInstanceOfSatisfying(SourceException.class, e -> assertThat(e.retryable()).isFalse())
          .hasMessageContaining("failed to pull image: token server")
          .hasMessageContaining("answers 401: the credentials are refused");
      assertThatThrownBy(() -> pull(registry).open())
          .hasMessageContaining("failed to pull image: token server")
          .hasMessageContaining("it wants credentials, or the image does not exist");
    }
  }

  @Test
  void makesATokenOfAnIdentityToken() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("auth.json"), "{\"auths\":{\"127.0.0.1\":{\"identitytoken\":\"i+d\"}}}");
    try (Mock mock = new Mock(Integer.MAX_VALUE)) {
      TestPulls pull = mock.pull().environment("REGISTRY_AUTH_FILE", file);
      Files.writeString(file, Files.readString(file).replace("127.0.0.1", mock.host()));
      assertThat(pull.disk()).isEqualTo(DISK);
      assertThat(mock.server.requests())
          .filteredOn(request -> request.startsWith("POST /token HTTP/1.1"))
          .hasSize(1)
          .allSatisfy(
              request ->
                  assertThat(request).contains("Content-Type: application/x-www-form-urlencoded"));
    }
  }

  @Test
  void renewsATokenThatEndsBetweenTwoRequests() throws Exception {
    try (Mock mock = new Mock(2)) {
      assertThat(mock.pull().disk()).isEqualTo(DISK);
      assertThat(mock.tokens.get()).isGreaterThan(2);
      // The blob came in pieces, and a token ended in the middle of it.
      assertThat(mock.server.requests()).anyMatch(request -> request.contains("Range: bytes="));
    }
  }

  @Test
  void keepsAPasswordFromATokenServerWithoutTls() throws Exception {
    String challenge = "Bearer realm=\"http://auth.example.org/token\"";
    Credentials password = new Credentials.Password("guest", "se cret");
    assertThatThrownBy(
            () ->
                TokenServer.of(
                    Challenge.parse(List.of(challenge)).getFirst(),
                    "repository:a:pull",
                    Optional.of(password),
                    TestPulls.of("").build().http()))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("where others can read them");
  }

  private static TestPulls pull(DockerRegistry registry) {
    return TestPulls.of("docker://%s/team/disk:v1".formatted(registry.host())).insecure();
  }

  /**
   * A registry whose tokens are good for a number of requests, and whose connections break in the
   * middle of blobs: a real one gives a minute's leeway to every token.
   */
  private final class Mock implements Closeable {

    private final CannedServer server;
    private final AtomicInteger tokens = new AtomicInteger();
    private final AtomicInteger left = new AtomicInteger();
    private final int requestsPerToken;
    private final Map<String, byte[]> files;

    Mock(int requestsPerToken) throws Exception {
      this.requestsPerToken = requestsPerToken;
      this.files = image.served("team/disk", "v1");
      this.server = CannedServer.saying((request, _) -> answer(request));
    }

    String host() {
      return "127.0.0.1:" + server.port();
    }

    TestPulls pull() {
      return TestPulls.of("docker://%s/team/disk:v1".formatted(host())).insecure();
    }

    private synchronized byte[] answer(String request) {
      String path = request.split(" ", 3)[1];
      if (path.startsWith("/token")) {
        left.set(requestsPerToken);
        return ok("{\"access_token\":\"t%d\"}".formatted(tokens.incrementAndGet()).getBytes(UTF_8));
      }
      boolean authorized = request.contains("Authorization: Bearer t" + tokens.get() + "\r\n");
      if (!authorized || left.getAndDecrement() <= 0) {
        return CannedServer.answer(
            """
            HTTP/1.1 401 Unauthorized
            WWW-Authenticate: Bearer realm="%s",service="mock"
            Content-Length: 0\
            """
                .formatted(server.url("/token")),
            new byte[0]);
      }
      byte[] content = files.get(path);
      return path.contains("/blobs/") && content.length > 1_000_000
          ? broken(request, content)
          : ok(content);
    }

    /** Promises all that is wanted and sends a megabyte of it. */
    private static byte[] broken(String request, byte[] content) {
      int start =
          request.contains("Range: bytes=")
              ? Integer.parseInt(request.replaceAll("(?s).*Range: bytes=(\\d+)-.*", "$1"))
              : 0;
      byte[] piece =
          Arrays.copyOfRange(content, start, Math.min(content.length, start + 1_000_000));
      String range =
          "Content-Range: bytes %d-%d/%d\n".formatted(start, content.length - 1, content.length);
      return CannedServer.answer(
          "HTTP/1.1 %s\n%sContent-Length: %d"
              .formatted(
                  start == 0 ? "200 OK" : "206 Partial Content",
                  start == 0 ? "" : range,
                  content.length - start),
          piece);
    }

    private static byte[] ok(byte[] body) {
      return CannedServer.answer("HTTP/1.1 200 OK\nContent-Length: " + body.length, body);
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }
}
