package io.gantry.poller;

import io.gantry.runtime.Env;
import io.gantry.runtime.GoValues;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What the controller wants, from flags and environment.
 *
 * @param namespace of the DataImportCron
 * @param cron its name
 * @param url the image, {@code docker://...}
 * @param certDir directory with the registry's certificate authorities, in the pod
 * @param kubeconfig file that says where the cluster is; in a pod nobody needs one
 * @param server URL of the API server, instead of the one in the kubeconfig
 * @param user of the registry; counts only with a password
 * @param insecureTls whether the registry's certificate is not verified, nor TLS needed
 * @param env for proxies, the service's address, and where container tools keep logins
 */
record PollerConfig(
    String namespace,
    String cron,
    String url,
    Optional<String> certDir,
    Optional<String> kubeconfig,
    Optional<String> server,
    Optional<String> user,
    Optional<String> password,
    boolean insecureTls,
    Env env) {

  static final Set<String> FLAGS = Set.of("ns", "cron", "url", "certdir", "kubeconfig", "server");

  private static final Set<String> MANDATORY = Set.of("ns", "cron", "url");

  /** Names of resources (RFC 1123), which become parts of a path. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

  /**
   * Reads flags and environment.
   *
   * @throws PollException when a flag is missing or makes no sense
   */
  static PollerConfig of(Map<String, String> flags, Env env) throws PollException {
    checkMandatory(flags);
    return new PollerConfig(
        name("ns", flags),
        name("cron", flags),
        flags.getOrDefault("url", ""),
        flag("certdir", flags),
        flag("kubeconfig", flags).or(() -> env.get("KUBECONFIG")),
        flag("server", flags),
        env.get("IMPORTER_ACCESS_KEY_ID"),
        env.get("IMPORTER_SECRET_KEY"),
        env.get("INSECURE_TLS").flatMap(GoValues::parseBool).orElse(false),
        env);
  }

  private static void checkMandatory(Map<String, String> flags) throws PollException {
    Set<String> missing = new TreeSet<>();
    MANDATORY.stream().filter(flag -> flag(flag, flags).isEmpty()).forEach(missing::add);
    if (!missing.isEmpty()) {
      throw new PollException(
          "One or more mandatory parameters are missing: -" + String.join(", -", missing));
    }
  }

  private static String name(String flag, Map<String, String> flags) throws PollException {
    String name = flags.getOrDefault(flag, "");
    if (!NAME.matcher(name).matches()) {
      throw new PollException(
          "-%s is \"%s\", which is no name in Kubernetes".formatted(flag, name));
    }
    return name;
  }

  private static Optional<String> flag(String flag, Map<String, String> flags) {
    return Optional.ofNullable(flags.get(flag)).filter(value -> !value.isEmpty());
  }
}
