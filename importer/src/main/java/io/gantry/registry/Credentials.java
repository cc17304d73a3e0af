package io.gantry.registry;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What somebody may log in with. */
sealed interface Credentials {

  /** User and password, as Basic auth or to a token server. */
  record Password(String user, String password) implements Credentials {

    /** Returns the Authorization header, RFC 7617. */
    String basic() {
      byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    @Override
    public String toString() {
      return "password of " + user;
    }
  }

  /** What {@code docker login} keeps in place of a password: a token server makes tokens of it. */
  record IdentityToken(String token) implements Credentials {

    @Override
    public String toString() {
      return "identity token";
    }
  }

  /** A finished token, sent to the registry as it is. */
  record RegistryToken(String token) implements Credentials {

    @Override
    public String toString() {
      return "registry token";
    }
  }
}
