package io.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.testkit.CertificateAuthority;
import io.gantry.testkit.ContainerImage;
import io.gantry.testkit.DockerRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The importer pod with disks in container images; section 4 of the worker contract. */
final class RegistryImportTest {

  private static final long SIZE = (3L << 20) + 512;

  @TempDir(factory = InMemory.class)
  private static Path folder;

  private static Path disk;
  private static CertificateAuthority authority;
  private static DockerRegistry plain;
  private static DockerRegistry tls;

  private Path root;

  @BeforeAll
  static void push() throws Exception {
    disk = GuestDisk.write(folder.resolve("disk"), SIZE, 31);
    Path qcow2 = folder.resolve("disk.qcow2");
    Tool.run("qemu-img", "convert", "-c", "-f", "raw", "-O", "qcow2", disk, qcow2);
    authority = CertificateAuthority.in(folder.resolve("authority"));
    plain = DockerRegistry.serve(Files.createDirectory(folder.resolve("plain")));
    tls =
        DockerRegistry.serveTls(
            Files.createDirectory(folder.resolve("tls")),
            authority.issue("registry", "IP:127.0.0.1"));
    image("disk/disk.qcow2", Files.readAllBytes(qcow2)).push(plain, "disks/qcow2", "1");
    image("disk/disk.img", Files.readAllBytes(disk)).push(plain, "disks/raw", "1");
    image("disk/disk.img.gz", ContainerImage.gzip(Files.readAllBytes(disk)))
        .push(plain, "disks/gz", "1");
    image("etc/hostname", new byte[10]).push(plain, "disks/none", "1");
  }

  private static ContainerImage image(String name, byte[] content) {
    return ContainerImage.builder()
        .environment("INSTANCETYPE_KUBEVIRT_IO_DEFAULT_PREFERENCE=fedora")
        .layer(ContainerImage.gzip(ContainerImage.tar(Map.of(name, content))))
        .build();
  }

  @AfterAll
  static void stop() {
    plain.close();
    tls.close();
  }

  @BeforeEach
  void nameRoot() throws IOException {
    root = Files.createTempDirectory(folder, "pod");
  }

  private Pod pod(String endpoint) throws IOException {
    return Pod.withFilesystem(root)
        .env("IMPORTER_SOURCE", "registry")
        .env("INSECURE_TLS", "true")
        .endpoint(endpoint);
  }

  private static void assertComplete(Pod.Ended ended) {
    assertThat(ended.status()).as(ended.outcome().err()).isZero();
    assertThat(ended.message())
        .isEqualTo(
            "{\"scratchSpaceRequired\":false,\"preallocationApplied\":false,\"labels\":"
                + "{\"instancetype.kubevirt.io/default-preference\":\"fedora\"},"
                + "\"message\":\"Import Complete\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"qcow2", "raw", "gz"})
  void fillsAVolumeWhileTheLayerStreams(String kind) throws Exception {
    Pod pod = pod("docker://" + plain.host() + "/disks/" + kind + ":1");

    assertComplete(pod.run());

    Disks.assertSame(disk, pod.disk());
    assertThat(pod.diskMode()).isEqualTo("rw-rw----");
    assertThat(pod.data()).isDirectoryNotContaining(entry -> !entry.equals(pod.disk()));
  }

  @Test
  void trustsTheAuthorityOfTheRegistryByTheEndingOfItsFile() throws Exception {
    Path certificates = Files.createDirectories(root.resolve("certs"));
    Files.copy(authority.certificate(), certificates.resolve("ca.txt"));
    Pod pod =
        pod("docker://" + tls.host() + "/disks/raw:1")
            .env("INSECURE_TLS", "false")
            .env("IMPORTER_CERT_DIR", "/certs");
    assertThat(pod.run().message()).contains("failed to pull image", "certificate");

    Files.move(certificates.resolve("ca.txt"), certificates.resolve("ca.crt"));

    assertThat(pod.run().message()).contains("no such image or tag");
  }

  @Test
  void importsFromAnArchive() throws Exception {
    Path archive =
        image("disk/disk.img", Files.readAllBytes(disk)).writeArchive(root.resolve("image.tar"));
    Pod pod = pod("oci-archive:" + archive);

    assertComplete(pod.run());

    Disks.assertSame(disk, pod.disk());
  }

  @Test
  void tellsWhatIsWrongWithAnImage() throws Exception {
    assertThat(pod("docker://" + plain.host() + "/disks/none:1").run().message())
        .startsWith("Unable to process data: ")
        .contains("Failed to find VM disk image file in the container image");
    assertThat(pod("docker://" + plain.host() + "/disks/missing:1").run().message())
        .contains("failed to pull image");
    assertThat(pod("ftp://x").run().message())
        .contains("Invalid image name \"ftp://x\", unknown transport");
  }

  @Test
  void refusesAnArchiveOfFiles() throws Exception {
    Pod.Ended ended =
        pod("docker://" + plain.host() + "/disks/raw:1")
            .env("IMPORTER_CONTENTTYPE", "archive")
            .run();

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.message()).isEmpty();
  }
}
