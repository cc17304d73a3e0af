package io.gantry.poller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.Config;
import io.gantry.runtime.Env;
import io.gantry.runtime.PodRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClusterTest {

  @TempDir private Path root;

  private final Map<String, String> flags =
      new HashMap<>(Map.of("ns", "golden", "cron", "debian", "url", "docker://debian"));
  private final Map<String, String> environment = new HashMap<>();

  private Config cluster() throws PollException {
    environment.put("GANTRY_ROOT", root.toString());
    PollerConfig config = PollerConfig.of(flags, Env.of(environment));
    return Cluster.of(config, PodRoot.of(config.env()));
  }

  private Path mount(String file, String content) throws IOException {
    Path mounted = root.resolve("var/run/secrets/kubernetes.io/serviceaccount").resolve(file);
    Files.createDirectories(mounted.getParent());
    return Files.writeString(mounted, content);
  }

  @Test
  void isThatOfThePodByDefault() throws Exception {
    environment.put("KUBERNETES_SERVICE_HOST", "fd00::1");
    environment.put("KUBERNETES_SERVICE_PORT", "6443");
    mount("token", "secret\n");
    Path authority = mount("ca.crt", "");

    Config config = cluster();

    assertThat(config.getMasterUrl()).isEqualTo("https://[fd00::1]:6443/");
    assertThat(config.getOauthToken()).isEqualTo("secret");
    assertThat(config.getCaCertFile()).isEqualTo(authority.toString());
  }

  @Test
  void saysWhatAPodWithoutServiceAccountLacks() {
    assertThatThrownBy(this::cluster)
        .hasMessageContaining("this is no pod")
        .hasMessageContaining("name the cluster with -kubeconfig");
    environment.put("KUBERNETES_SERVICE_HOST", "10.0.0.1");
    environment.put("KUBERNETES_SERVICE_PORT", "443");
    assertThatThrownBy(this::cluster).hasMessageContaining("the pod has no service account");
  }

  @Test
  void isThatOfAKubeconfigAndItsServerCanBeReplaced() throws Exception {
    flags.put("kubeconfig", kubeconfig().toString());
    assertThat(cluster().getMasterUrl()).startsWith("https://cluster.example:6443");
    assertThat(cluster().getAutoOAuthToken()).isEqualTo("of-the-user");

    flags.put("server", "https://other.example");

    assertThat(cluster().getMasterUrl()).startsWith("https://other.example");
    assertThat(cluster().getAutoOAuthToken()).isEqualTo("of-the-user");
  }

  @Test
  void isAServerByItselfAndNobodysAccount() throws Exception {
    flags.put("server", "http://127.0.0.1:8001");

    assertThat(cluster().getMasterUrl()).isEqualTo("http://127.0.0.1:8001/");
    assertThat(cluster().getOauthToken()).isNull();
  }

  @Test
  void hasNoProxyWhoeverNamesOne() throws Exception {
    flags.put("kubeconfig", kubeconfig().toString());
    // The client looks for these before it looks at variables of the same names.
    System.setProperty(Config.KUBERNETES_HTTPS_PROXY, "http://proxy.example:3128");
    System.setProperty(Config.KUBERNETES_HTTP_PROXY, "http://proxy.example:3128");
    try {
      assertThat(cluster().getHttpsProxy()).isNull();
      assertThat(cluster().getHttpProxy()).isNull();
    } finally {
      System.clearProperty(Config.KUBERNETES_HTTPS_PROXY);
      System.clearProperty(Config.KUBERNETES_HTTP_PROXY);
    }
  }

  @Test
  void saysWhichKubeconfigCannotBeUsed() throws Exception {
    flags.put("kubeconfig", root.resolve("nothing").toString());
    assertThatThrownBy(this::cluster)
        .hasMessage("kubeconfig %s does not exist", root.resolve("nothing"));

    flags.put("kubeconfig", Files.writeString(root.resolve("broken"), "{ \n: ]").toString());

    assertThatThrownBy(this::cluster)
        .isInstanceOf(PollException.class)
        .hasMessageContaining("broken cannot be used");
  }

  private Path kubeconfig() throws IOException {
    return Files.writeString(
        root.resolve("config"),
        """
        apiVersion: v1
        kind: Config
        current-context: one
        clusters:
        - {name: c, cluster: {server: "https://cluster.example:6443", proxy-url: "http://p:1"}}
        users:
        - {name: u, user: {token: of-the-user}}
        contexts:
        - {name: one, context: {cluster: c, user: u}}
        """);
  }
}
