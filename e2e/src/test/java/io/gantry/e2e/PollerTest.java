package io.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gantry.poller.testkit.TestCluster;
import io.gantry.testkit.CertificateAuthority;
import io.gantry.testkit.ContainerImage;
import io.gantry.testkit.DockerRegistry;
import io.gantry.testkit.TunnelProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The poller pod's program as the pod starts it: user 1001, no home directory, proxy variables set,
 * the cluster and the registry both with authorities of their own.
 */
final class PollerTest {

  private static final String DIGEST = "cdi.kubevirt.io/storage.import.sourceDesiredDigest";
  private static final String TIME = "cdi.kubevirt.io/storage.import.lastCronTime";

  @TempDir private static Path folder;
  private static Path root;
  private static String digest;
  private static DockerRegistry registry;
  private static TunnelProxy proxy;
  private static TestCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(Tool.exists("skopeo"), "skopeo is not installed (Debian package)");
    Tool.run(Workspace.ROOT.resolve("dist/poller/build"));
    CertificateAuthority authority = CertificateAuthority.in(folder.resolve("authority"));
    Path images = Files.createDirectory(folder.resolve("images"));
    registry =
        DockerRegistry.serveTls(
            images, authority.issue("registry", "IP:127.0.0.1,DNS:images.test"));
    digest = push();
    proxy = TunnelProxy.to(registry.port());
    cluster = TestCluster.start();
    root = Files.createDirectory(folder.resolve("pod"));
    cluster.mountServiceAccount(root);
    Files.copy(
        authority.certificate(), Files.createDirectory(root.resolve("certs")).resolve("ca.crt"));
    readableForAll(folder);
  }

  /** An index of two, as publishers have them; returns the digest that skopeo sees. */
  private static String push() throws Exception {
    ContainerImage index =
        ContainerImage.index(
            ContainerImage.INDEX,
            Map.of("linux/amd64", image("amd64"), "linux/arm64", image("arm64")));
    Path layout = index.writeDirectory(folder.resolve("layout"));
    String reference = "docker://%s/disks/debian:13".formatted(registry.host());
    Tool.run(
        "skopeo",
        "copy",
        "--all",
        "--insecure-policy",
        "--dest-tls-verify=false",
        "oci:" + layout,
        reference);
    Path manifest = folder.resolve("manifest");
    Files.writeString(
        manifest, Tool.run("skopeo", "inspect", "--raw", "--tls-verify=false", reference));
    return "sha256:" + Tool.run("sha256sum", manifest).split(" ", 2)[0];
  }

  private static ContainerImage image(String architecture) {
    return ContainerImage.builder()
        .architecture(architecture)
        .layer(ContainerImage.gzip(ContainerImage.tar(Map.of("disk/disk.img", new byte[512]))))
        .build();
  }

  private static void readableForAll(Path tree) throws Exception {
    Files.setPosixFilePermissions(tree, PosixFilePermissions.fromString("rwxr-xr-x"));
    Tool.run("chmod", "-R", "a+rX", root);
    Tool.run("chmod", "a+rX", cluster.authority());
  }

  @AfterAll
  static void stop() throws IOException {
    if (cluster != null) {
      cluster.close();
      proxy.close();
      registry.close();
    }
  }

  private static Outcome poll(String cron, Map<String, String> more) throws Exception {
    List<String> pod = new ArrayList<>(List.of("env", "-u", "HOME"));
    if (Tool.run("id", "-u").strip().equals("0")) {
      pod.addAll(List.of("setpriv", "--reuid=1001", "--regid=0", "--clear-groups"));
    }
    return Program.poller(
            "-ns",
            "golden",
            "-cron",
            cron,
            "-url",
            "docker://images.test/disks/debian:13",
            "-certdir",
            "/certs")
        .under(pod.toArray(new String[0]))
        .in(Path.of("/"))
        .env(Map.of("GANTRY_ROOT", root.toString()))
        .env(Map.of("KUBERNETES_SERVICE_HOST", cluster.host()))
        .env(Map.of("KUBERNETES_SERVICE_PORT", String.valueOf(cluster.port())))
        .env(Map.of("INSECURE_TLS", "false"))
        .env(Map.of("https_proxy", "http://127.0.0.1:" + proxy.port()))
        .env(Map.of("HTTPS_PROXY", "http://127.0.0.1:" + proxy.port()))
        .env(Map.of("KUBECONFIG", ""))
        .env(more)
        .run();
  }

  @Test
  void tellsTheClusterWhatTheRegistryHasNow() throws Exception {
    cluster.create("golden", "debian", Map.of());

    Outcome outcome = poll("debian", Map.of());

    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err().lines()).hasSize(2).last().asString().endsWith("Digest updated");
    assertThat(cluster.annotations("golden", "debian"))
        .containsOnlyKeys(TIME, DIGEST)
        .containsEntry(DIGEST, digest);
    assertThat(proxy.requests()).allMatch(request -> request.startsWith("CONNECT images.test:443"));
  }

  @Test
  void reachesTheClusterOfAKubeconfigPastTheProxyToo() throws Exception {
    cluster.create("golden", "fedora", Map.of(DIGEST, digest));
    Path kubeconfig = cluster.writeKubeconfig(root.resolve("kubeconfig"));

    Outcome outcome = poll("fedora", Map.of("KUBECONFIG", kubeconfig.toString()));

    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(cluster.annotations("golden", "fedora")).containsKey(TIME);
    assertThat(proxy.requests()).allMatch(request -> request.startsWith("CONNECT images.test:443"));
  }

  @Test
  void endsWithTheCauseAndNoStackTrace() throws Exception {
    Outcome outcome = poll("missing", Map.of());

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err().lines())
        .hasSize(2)
        .last()
        .asString()
        .endsWith("Failed getting DataImportCron golden/missing: it does not exist");
  }
}
