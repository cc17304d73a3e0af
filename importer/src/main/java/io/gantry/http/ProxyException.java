package io.gantry.http;

import io.gantry.runtime.ProxyServer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The proxy stands in the way, not the server behind it. */
final class ProxyException extends IOException {

  private final boolean mayPass;

  ProxyException(@Nullable String message, boolean mayPass, @Nullable Throwable cause) {
    super(message, cause);
    this.mayPass = mayPass;
  }

  static String wantsCredentials(ProxyServer proxy) {
    return "proxy %s wants a user and password: put them in the proxy variable's URL"
        .formatted(proxy);
  }

  /** Says whether asking again could help. */
  boolean mayPass() {
    return mayPass;
  }
}
