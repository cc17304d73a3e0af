package io.gantry.poller;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.poller.TestPoll.Ended;
import io.gantry.poller.testkit.TestCluster;
import io.gantry.testkit.CertificateAuthority;
import io.gantry.testkit.ContainerImage;
import io.gantry.testkit.DockerRegistry;
import io.gantry.testkit.TunnelProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Section 4.8 of the worker contract, against a real registry and a cluster with TLS and tokens.
 */
@Timeout(120)
final class PollerMainTest {

  private static final String CRON = "debian";
  private static final String TIME = "cdi.kubevirt.io/storage.import.lastCronTime";
  private static final String DIGEST = "cdi.kubevirt.io/storage.import.sourceDesiredDigest";

  /** {@code htpasswd -nbB guest "se cret"}. */
  private static final String USERS =
      "guest:$2y$05$VucqzKTr9I/8inSPjaTXR.kG0taGb3CQjTT9uVmKaKVXJQJAUX5Ja\n";

  private static final ContainerImage IMAGE = image("amd64");
  private static final ContainerImage INDEX =
      ContainerImage.index(
          ContainerImage.INDEX, Map.of("linux/amd64", IMAGE, "linux/arm64", image("arm64")));

  @TempDir private static Path folder;
  private static CertificateAuthority authority;
  private static DockerRegistry plain;
  private static DockerRegistry tls;
  private static DockerRegistry guarded;

  @TempDir private Path root;
  private TestCluster cluster;
  private TestPoll poll;

  @BeforeAll
  static void push() throws Exception {
    Path images = Files.createDirectory(folder.resolve("images"));
    plain = DockerRegistry.serve(images);
    IMAGE.push(plain, "team/disk", "v1");
    INDEX.push(plain, "team/disk", "all");
    authority = CertificateAuthority.in(folder.resolve("authority"));
    CertificateAuthority.Issued issued =
        authority.issue("registry", "IP:127.0.0.1,DNS:registry.test");
    tls = DockerRegistry.serveTls(images, issued);
    Path users = Files.writeString(folder.resolve("users"), USERS);
    guarded =
        DockerRegistry.serveTls(
            images, issued, "auth: {htpasswd: {realm: images, path: %s}}".formatted(users));
  }

  private static ContainerImage image(String architecture) {
    return ContainerImage.builder().architecture(architecture).layer(new byte[10]).build();
  }

  @AfterAll
  static void stop() {
    for (DockerRegistry registry : new DockerRegistry[] {plain, tls, guarded}) {
      if (registry != null) {
        registry.close();
      }
    }
  }

  @BeforeEach
  void start() throws IOException {
    cluster = TestCluster.start();
    poll =
        TestPoll.inPod(cluster, root)
            .flag("cron", CRON)
            .flag("url", "docker://%s/team/disk:v1".formatted(plain.host()))
            .env("INSECURE_TLS", "true");
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  private void create(Map<String, String> annotations) {
    cluster.create(TestPoll.NAMESPACE, CRON, annotations);
  }

  private Map<String, String> annotations() {
    return cluster.annotations(TestPoll.NAMESPACE, CRON);
  }

  private static void assertDone(Ended ended) {
    assertThat(ended.status()).as(String.join("\n", ended.lines())).isZero();
  }

  /** Failures are one line, the last one; anything before it is a line of the log, too. */
  private static void assertFailed(Ended ended, String... words) {
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.lines()).allMatch(line -> line.matches("[IWE]\\d{4} .* gantry] .*"));
    assertThat(ended.lastLine()).startsWith("E").contains(words);
  }

  // What it writes.

  @Test
  void writesTimeAndDigestWhereThereAreNoAnnotationsAtAll() {
    create(Map.of());
    Instant before = Instant.now();

    assertDone(poll.run());

    assertThat(annotations()).containsOnlyKeys(TIME, DIGEST).containsEntry(DIGEST, IMAGE.digest());
    assertThat(annotations().get(TIME)).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
    assertThat(Instant.parse(annotations().get(TIME)))
        .isBetween(before.minusSeconds(1), before.plusSeconds(100));
    assertThat(cluster.get(TestPoll.NAMESPACE, CRON).has("spec")).isTrue();
  }

  @Test
  void replacesADigestThatIsAnotherOneAndLeavesTheOtherAnnotations() {
    create(Map.of(DIGEST, "sha256:old", TIME, "2020-01-01T00:00:00Z", "example.org/mine", "x"));

    assertDone(poll.run());

    assertThat(annotations())
        .containsEntry(DIGEST, IMAGE.digest())
        .containsEntry("example.org/mine", "x");
    assertThat(annotations().get(TIME)).startsWith("20").isNotEqualTo("2020-01-01T00:00:00Z");
  }

  @Test
  void writesNothingButTheTimeWhenTheDigestIsTheSame() {
    create(Map.of(DIGEST, IMAGE.digest()));

    Ended ended = poll.run();

    assertDone(ended);
    assertThat(ended.lastLine()).endsWith("No digest update");
    assertThat(annotations()).containsOnlyKeys(TIME, DIGEST);
    assertThat(cluster.lastBody()).contains("lastCronTime").doesNotContain("DesiredDigest");
  }

  @Test
  void takesTheDigestOfAnIndexAsAWhole() {
    create(Map.of());

    assertDone(poll.flag("url", "docker://%s/team/disk:all".formatted(plain.host())).run());

    assertThat(annotations()).containsEntry(DIGEST, INDEX.digest());
  }

  // Somebody else at the same time.

  @Test
  void losesNoAnnotationThatIsSetWhileItReadsAndWrites() {
    create(Map.of("example.org/mine", "x"));
    beforeFirstPatch(() -> annotate("example.org/other", "y"));

    assertDone(poll.run());

    assertThat(annotations())
        .containsOnlyKeys(TIME, DIGEST, "example.org/mine", "example.org/other");
  }

  @Test
  void losesNoAnnotationThatIsTheFirstOneEither() {
    create(Map.of());
    beforeFirstPatch(() -> annotate("example.org/other", "y"));

    assertDone(poll.run());

    assertThat(annotations()).containsOnlyKeys(TIME, DIGEST, "example.org/other");
  }

  @Test
  void doesNotTakeAnotherCronForItsOwn() {
    create(Map.of("example.org/mine", "x"));
    beforeFirstPatch(
        () -> {
          cluster.delete(TestPoll.NAMESPACE, CRON);
          create(Map.of("example.org/mine", "z"));
        });

    assertFailed(poll.run(), "golden/debian", "it was deleted, and another one has its name");

    assertThat(annotations()).containsOnlyKeys("example.org/mine");
  }

  @Test
  void triesAgainAfterAConflict() {
    create(Map.of());
    AtomicInteger conflicts = new AtomicInteger(2);
    cluster.interfere(
        request ->
            request.getMethod().equals("PATCH") && conflicts.getAndDecrement() > 0
                ? Optional.of(TestCluster.status(409, "the object has been modified"))
                : Optional.empty());

    assertDone(poll.run());

    assertThat(annotations()).containsEntry(DIGEST, IMAGE.digest());
  }

  @Test
  void givesUpWhenConflictsDoNotEnd() {
    create(Map.of());
    cluster.interfere(
        request ->
            request.getMethod().equals("PATCH")
                ? Optional.of(TestCluster.status(409, "the object has been modified"))
                : Optional.empty());

    assertFailed(
        poll.run(),
        "Failed updating DataImportCron golden/debian: the API server answers 409: the object has");
  }

  private void annotate(String key, String value) {
    cluster.annotate(TestPoll.NAMESPACE, CRON, key, value);
  }

  private void beforeFirstPatch(Runnable what) {
    AtomicInteger patches = new AtomicInteger();
    cluster.interfere(
        request -> {
          if (request.getMethod().equals("PATCH") && patches.getAndIncrement() == 0) {
            what.run();
          }
          return Optional.empty();
        });
  }

  // The cluster.

  @Test
  void saysThatTheCronIsMissing() {
    assertFailed(poll.run(), "Failed getting DataImportCron golden/debian: it does not exist");
  }

  @ParameterizedTest
  @CsvSource({"GET,getting", "PATCH,updating"})
  void saysThatTheServiceAccountMayNot(String method, String doing) {
    create(Map.of());
    cluster.interfere(
        request ->
            request.getMethod().equals(method)
                ? Optional.of(TestCluster.status(403, "dataimportcrons is forbidden: no way"))
                : Optional.empty());

    assertFailed(
        poll.run(),
        "Failed %s DataImportCron golden/debian: the API server answers 403: ".formatted(doing)
            + "dataimportcrons is forbidden: no way");
  }

  @Test
  void saysThatTheTokenIsWrong() throws Exception {
    create(Map.of());
    Files.writeString(
        root.resolve("var/run/secrets/kubernetes.io/serviceaccount/token"), "wrong-token");

    Ended ended = poll.run();

    assertFailed(ended, "the API server answers 401: Unauthorized");
    assertThat(ended.lines()).noneMatch(line -> line.contains("wrong-token"));
  }

  @Test
  void survivesAServerThatIsBusyForAMoment() {
    create(Map.of());
    AtomicInteger failures = new AtomicInteger(3);
    cluster.interfere(
        _ ->
            failures.getAndDecrement() > 0
                ? Optional.of(TestCluster.status(503, "restarting"))
                : Optional.empty());

    assertDone(poll.run());
  }

  @Test
  void trustsTheClustersAuthorityOnly() throws Exception {
    create(Map.of());
    Path ca = root.resolve("var/run/secrets/kubernetes.io/serviceaccount/ca.crt");
    Files.delete(ca);
    Files.copy(authority.certificate(), ca);

    assertFailed(
        poll.run(),
        "Failed getting DataImportCron",
        "TLS with the API server ",
        "unable to find valid cert");
  }

  @Test
  void saysThatNobodyIsThere() {
    assertFailed(
        poll.env("KUBERNETES_SERVICE_PORT", "1").run(),
        "Failed getting DataImportCron golden/debian: no connection to the API server"
            + " https://localhost:1/");
    assertFailed(
        poll.env("KUBERNETES_SERVICE_HOST", "kubernetes.invalid").run(),
        "the host of the API server https://kubernetes.invalid");
  }

  @Test
  void findsTheClusterInAKubeconfig() throws Exception {
    create(Map.of());
    Path kubeconfig = cluster.writeKubeconfig(folder.resolve("kubeconfig"));
    poll.env("KUBERNETES_SERVICE_PORT", "1");

    assertDone(poll.env("KUBECONFIG", kubeconfig.toString()).run());
    assertDone(poll.env("KUBECONFIG", "/none").flag("kubeconfig", kubeconfig.toString()).run());

    assertThat(annotations()).containsEntry(DIGEST, IMAGE.digest());
  }

  // The registry.

  @ParameterizedTest
  @ValueSource(strings = {"ca.crt", "ca.pem"})
  void trustsTheCertificatesOfTheDirectory(String name) throws Exception {
    create(Map.of());
    poll.flag("url", "docker://%s/team/disk:v1".formatted(tls.host())).env("INSECURE_TLS", "false");
    assertFailed(poll.run(), "Failed to get image digest: ", "certificate is not trusted");

    Files.copy(authority.certificate(), Files.createDirectory(root.resolve("certs")).resolve(name));

    assertDone(poll.flag("certdir", "/certs").run());
  }

  @Test
  void trustsTheProxysCertificatesAndPassesOverOtherFiles() throws Exception {
    create(Map.of());
    poll.flag("url", "docker://%s/team/disk:v1".formatted(tls.host())).env("INSECURE_TLS", "false");
    Path proxy = Files.createDirectory(root.resolve("proxycerts"));
    Files.copy(authority.certificate(), proxy.resolve("ca.txt"));
    assertFailed(poll.run(), "certificate is not trusted");

    Files.move(proxy.resolve("ca.txt"), proxy.resolve("ca.crt"));

    assertDone(poll.run());
  }

  @Test
  void goesOnWithoutADirectoryOfCertificatesThatIsNotThere() {
    create(Map.of());

    Ended ended = poll.flag("certdir", "/certs").run();

    assertDone(ended);
    assertThat(ended.lines()).anyMatch(line -> line.startsWith("W") && line.contains("certs"));
  }

  @Test
  void verifiesNobodyWhenToldNotTo() {
    create(Map.of());

    assertDone(poll.flag("url", "docker://%s/team/disk:v1".formatted(tls.host())).run());
  }

  @Test
  void logsInWithTheKeysOfTheSecret() {
    create(Map.of());
    poll.flag("url", "docker://%s/team/disk:v1".formatted(guarded.host()));
    assertFailed(poll.run(), "answers 401", "it wants a user and password");
    poll.env("IMPORTER_ACCESS_KEY_ID", "guest");
    assertFailed(poll.run(), "answers 401", "it wants a user and password");

    assertDone(poll.env("IMPORTER_SECRET_KEY", "se cret").run());

    Ended wrong = poll.env("IMPORTER_SECRET_KEY", "wr0ng").run();
    assertFailed(wrong, "the credentials are refused");
    assertThat(wrong.lines()).noneMatch(line -> line.contains("wr0ng"));
  }

  @Test
  void saysWhatIsWrongWithTheReference() {
    create(Map.of());
    assertFailed(
        poll.flag("url", "docker://%s/team/disk:v9".formatted(plain.host())).run(),
        "Failed to get image digest: ",
        "answers 404 for team/disk:v9: no such image or tag");
    assertFailed(
        poll.flag("url", "ftp://x").run(), "Invalid image name \"ftp://x\", unknown transport");
    assertFailed(poll.flag("url", "docker://127.0.0.1:1/a:b").run(), "127.0.0.1:1");
    assertThat(annotations()).isEmpty();
    assertThat(cluster.requests()).isEmpty();
  }

  @Test
  void asksTheRegistryThroughTheProxyAndTheClusterPastIt() throws Exception {
    create(Map.of());
    try (TunnelProxy proxy = TunnelProxy.to(tls.port())) {
      assertDone(
          poll.flag("url", "docker://registry.test/team/disk:v1")
              .env("https_proxy", "http://127.0.0.1:" + proxy.port())
              .run());

      assertThat(proxy.requests())
          .isNotEmpty()
          .allMatch(request -> request.startsWith("CONNECT registry.test:443 "));
    }
    assertThat(annotations()).containsEntry(DIGEST, IMAGE.digest());
  }

  // The command line.

  @Test
  void takesKlogsFlagsAndSaysWhichOfItsOwnAreMissing() {
    create(Map.of());
    assertDone(poll.flag("v", "3").flag("-stderrthreshold", "INFO").run());

    assertFailed(poll.run(List.of("-ns", "golden", "-url=")), "missing: -cron, -url");
    Ended unknown = poll.run(List.of("-nosuchflag"));
    assertThat(unknown.status()).isEqualTo(1);
    assertThat(unknown.lines()).containsExactly("flag provided but not defined: -nosuchflag");
  }
}
