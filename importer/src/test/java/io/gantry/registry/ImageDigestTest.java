package io.gantry.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.image.MalformedImageException;
import io.gantry.source.SourceException;
import io.gantry.testkit.CannedServer;
import io.gantry.testkit.ContainerImage;
import io.gantry.testkit.DockerRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The digest by which a changed image is noticed. */
@Timeout(60)
final class ImageDigestTest {

  @TempDir private static Path folder;
  private static DockerRegistry registry;

  private static final ContainerImage AMD64 = image("amd64");
  private static final ContainerImage ARM64 = image("arm64");

  @BeforeAll
  static void start() throws IOException {
    registry = DockerRegistry.serve(Files.createDirectory(folder.resolve("root")));
  }

  @AfterAll
  static void stop() {
    registry.close();
  }

  private static ContainerImage image(String architecture) {
    return ContainerImage.builder().architecture(architecture).layer(new byte[10]).build();
  }

  private static String digest(String repositoryAndTag) throws IOException {
    return digestAt("docker://%s/%s".formatted(registry.host(), repositoryAndTag));
  }

  private static String digestAt(String reference) throws IOException {
    return ImageDigest.of(TestPulls.of(reference).insecure().architecture("").build());
  }

  @Test
  void isThatOfTheManifestAndFollowsTheTag() throws Exception {
    AMD64.push(registry, "team/disk", "latest");
    assertThat(digest("team/disk")).isEqualTo(AMD64.digest());

    ARM64.push(registry, "team/disk", "latest");

    assertThat(digest("team/disk")).isEqualTo(ARM64.digest());
    assertThat(digest("team/disk@" + AMD64.digest())).isEqualTo(AMD64.digest());
  }

  @Test
  void isThatOfAnIndexAsAWhole() throws Exception {
    for (String type : new String[] {ContainerImage.INDEX, ContainerImage.DOCKER_LIST}) {
      ContainerImage index =
          ContainerImage.index(type, Map.of("linux/s390x", AMD64, "linux/ppc64le", ARM64));
      index.push(registry, "team/disk", "all");

      assertThat(digest("team/disk:all")).isEqualTo(index.digest());
    }
  }

  @Test
  void isCountedAndNotTakenFromWhatTheRegistryClaims() throws Exception {
    String head =
        """
        HTTP/1.1 200 OK
        Content-Type: %s
        Content-Length: %d
        Docker-Content-Digest: %s
        Connection: close\
        """
            .formatted(ContainerImage.MANIFEST, AMD64.manifest().length, ARM64.digest());
    try (CannedServer liar =
        CannedServer.saying((_, _) -> CannedServer.answer(head, AMD64.manifest()))) {
      assertThat(digestAt("docker://127.0.0.1:%d/a/b:1".formatted(liar.port())))
          .isEqualTo(AMD64.digest());
    }
  }

  @Test
  void refusesWhatIsNoManifest() throws Exception {
    byte[] page = "<html>please log in</html>".getBytes(StandardCharsets.UTF_8);
    String head = "HTTP/1.1 200 OK\nContent-Length: %d\nConnection: close".formatted(page.length);
    try (CannedServer portal = CannedServer.saying((_, _) -> CannedServer.answer(head, page))) {
      assertThatThrownBy(() -> digestAt("docker://127.0.0.1:%d/a/b:1".formatted(portal.port())))
          .isInstanceOf(MalformedImageException.class);
    }
  }

  @Test
  void isOfImagesInRegistriesOnly() {
    assertThatThrownBy(() -> digestAt("oci-archive:/image.tar"))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("only an image in a registry");
    assertThatThrownBy(() -> digestAt("http://example.org/disk.img"))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("unknown transport");
  }
}
