package io.gantry.poller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.runtime.Env;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PollerConfigTest {

  private static final Map<String, String> FLAGS =
      Map.of("ns", "golden", "cron", "debian", "url", "docker://quay.io/disks/debian");

  private static PollerConfig with(String flag, String value, Env env) throws PollException {
    Map<String, String> flags = new HashMap<>(FLAGS);
    flags.put(flag, value);
    return PollerConfig.of(flags, env);
  }

  @Test
  void takesTheKubeconfigOfTheEnvironmentUnlessAFlagNamesOne() throws Exception {
    Env env = Env.of(Map.of("KUBECONFIG", "/from/env"));

    assertThat(PollerConfig.of(FLAGS, env).kubeconfig()).hasValue("/from/env");
    assertThat(with("kubeconfig", "/from/flag", env).kubeconfig()).hasValue("/from/flag");
    assertThat(with("kubeconfig", "", Env.of(Map.of())).kubeconfig()).isEmpty();
  }

  @Test
  void readsInsecureTlsAsTheControlPlaneWritesIt() throws Exception {
    assertThat(PollerConfig.of(FLAGS, Env.of(Map.of("INSECURE_TLS", "true"))).insecureTls())
        .isTrue();
    assertThat(PollerConfig.of(FLAGS, Env.of(Map.of("INSECURE_TLS", "yes"))).insecureTls())
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ns", "cron", "url"})
  void namesTheFlagThatIsMissing(String flag) {
    assertThatThrownBy(() -> with(flag, "", Env.of(Map.of())))
        .hasMessage("One or more mandatory parameters are missing: -" + flag);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../pods", "a/b", "Upper", "-x", "x y", "%2e"})
  void refusesNamesThatWouldLeadElsewhereOnTheServer(String name) {
    assertThatThrownBy(() -> with("cron", name, Env.of(Map.of())))
        .hasMessage("-cron is \"%s\", which is no name in Kubernetes", name);
  }
}
