package io.gantry.runtime;

import java.util.Optional;

/**
 * The proxies that {@code http_proxy}, {@code https_proxy} and {@code no_proxy} ask for.
 *
 * <p>Upper-case names win over lower-case ones, as in Go programs: CDI's controller sets the
 * lower-case ones always, so the upper-case ones are the user's own word.
 */
public final class ProxyVariables {

  private final Env env;
  private final NoProxy noProxy;

  private ProxyVariables(Env env) {
    this.env = env;
    this.noProxy = new NoProxy(either(env, "NO_PROXY", "no_proxy").orElse(""));
  }

  public static ProxyVariables of(Env env) {
    return new ProxyVariables(env);
  }

  /**
   * Returns the proxy to go through, if any.
   *
   * @param scheme {@code http} or {@code https}
   * @param host a name or an address, without brackets
   * @throws IllegalArgumentException when the variable is no proxy address
   */
  public Optional<ProxyServer> proxyFor(String scheme, String host, int port) {
    boolean tls = scheme.equals("https");
    String upper = tls ? "HTTPS_PROXY" : "HTTP_PROXY";
    String lower = tls ? "https_proxy" : "http_proxy";
    Optional<String> value = either(env, upper, lower);
    if (value.isEmpty() || noProxy.exempts(host, port)) {
      return Optional.empty();
    }
    return Optional.of(ProxyServer.parse(lower, value.get()));
  }

  private static Optional<String> either(Env env, String first, String second) {
    return env.get(first).or(() -> env.get(second));
  }
}
