package io.gantry.poller;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.gantry.runtime.PodRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Which cluster it is, and as whom it is spoken to: what a kubeconfig says, or else the service
 * account of the pod.
 *
 * <p>The environment is not asked for more than the service's address, and proxies do not count:
 * they are for the registry.
 */
final class Cluster {

  /** With the pauses between them these outlast a restart of some seconds; then it is a failure. */
  private static final int RETRIES_MAX = 5;

  /** Where the kubelet puts it. */
  private static final String SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount/";

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private Cluster() {}

  static Config of(PollerConfig poller, PodRoot root) throws PollException {
    return of(poller, root, TIMEOUT);
  }

  /**
   * Finds the cluster.
   *
   * @param timeout for connecting, and again for an answer
   */
  static Config of(PollerConfig poller, PodRoot root, Duration timeout) throws PollException {
    Config config =
        poller.kubeconfig().isPresent()
            ? named(Path.of(poller.kubeconfig().get()))
            : poller.server().isPresent() ? Config.empty() : inPod(poller, root);
    poller.server().ifPresent(config::setMasterUrl);
    int millis = Math.toIntExact(timeout.toMillis());
    config.setConnectionTimeout(millis);
    config.setRequestTimeout(millis);
    config.setRequestRetryBackoffLimit(RETRIES_MAX);
    config.setHttpProxy(null);
    config.setHttpsProxy(null);
    return config;
  }

  private static Config named(Path kubeconfig) throws PollException {
    try {
      Files.readString(kubeconfig);
      return Config.fromKubeconfig(kubeconfig.toFile());
    } catch (NoSuchFileException e) {
      throw new PollException("kubeconfig %s does not exist".formatted(kubeconfig), e);
    } catch (IOException | KubernetesClientException | IllegalArgumentException e) {
      throw new PollException(
          "kubeconfig %s cannot be used: %s".formatted(kubeconfig, e.getMessage()), e);
    }
  }

  private static Config inPod(PollerConfig poller, PodRoot root) throws PollException {
    Optional<String> host = poller.env().get("KUBERNETES_SERVICE_HOST");
    Optional<String> port = poller.env().get("KUBERNETES_SERVICE_PORT");
    if (host.isEmpty() || port.isEmpty()) {
      throw new PollException(
          "this is no pod, for KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set:"
              + " name the cluster with -kubeconfig");
    }
    ConfigBuilder config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("https://%s:%s".formatted(bracketed(host.get()), port.get()))
            .withOauthToken(token(root.at(SERVICE_ACCOUNT + "token")));
    Path authority = root.at(SERVICE_ACCOUNT + "ca.crt");
    if (Files.exists(authority)) {
      config.withCaCertFile(authority.toString());
    }
    return config.build();
  }

  private static String token(Path file) throws PollException {
    try {
      return Files.readString(file).strip();
    } catch (NoSuchFileException e) {
      throw new PollException("the pod has no service account: there is no " + file, e);
    } catch (IOException e) {
      throw new PollException("the service account's token cannot be read: " + e.getMessage(), e);
    }
  }

  /** An address of IPv6 has colons, as the port before it does. */
  private static String bracketed(String host) {
    return host.indexOf(':') < 0 ? host : "[" + host + "]";
  }
}
