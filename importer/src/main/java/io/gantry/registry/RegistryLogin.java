package io.gantry.registry;

import io.gantry.http.Authorizer;
import io.gantry.http.HttpSourceOptions;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers what a registry asks before it serves one repository: nothing, a password, or a token
 * that its token server hands out and that is made anew when it ends.
 *
 * <p>Used by the thread that reads; closed by any.
 */
final class RegistryLogin implements Authorizer, Closeable {

  private final String scope;
  private final Optional<Credentials> credentials;
  private final HttpSourceOptions http;
  private @Nullable Challenge challenge;
  private @Nullable BearerToken token;
  private volatile @Nullable TokenServer server;
  private boolean pinged;

  RegistryLogin(String repository, Optional<Credentials> credentials, HttpSourceOptions http) {
    this.scope = "repository:%s:pull".formatted(repository);
    this.credentials = credentials;
    this.http = http;
  }

  boolean hasCredentials() {
    return credentials.isPresent();
  }

  /**
   * Learns from the first answer how to log in. It is not asked again with a token, since a token
   * for a repository may not open the page that says so.
   */
  void pinged(List<String> challenges) throws IOException {
    learn(challenges);
    pinged = true;
  }

  @Override
  public Optional<String> authorization() throws IOException {
    if (credentials.orElse(null) instanceof Credentials.RegistryToken(String finished)) {
      return Optional.of("Bearer " + finished);
    }
    if (challenge == null) {
      return Optional.empty();
    }
    return challenge.scheme().equals("basic") ? basic() : Optional.of("Bearer " + currentToken());
  }

  private Optional<String> basic() {
    return credentials.orElse(null) instanceof Credentials.Password password
        ? Optional.of(password.basic())
        : Optional.empty();
  }

  private String currentToken() throws IOException {
    BearerToken current = token;
    if (current == null || current.isOver(System.nanoTime())) {
      TokenServer asked = server;
      if (asked == null) {
        throw new IOException("no token server");
      }
      current = asked.token();
      token = current;
    }
    return current.token();
  }

  @Override
  public boolean renew(List<String> challenges) throws IOException {
    if (!pinged || credentials.orElse(null) instanceof Credentials.RegistryToken) {
      return false;
    }
    boolean sentPassword = challenge != null && challenge.scheme().equals("basic");
    learn(challenges);
    return challenge != null
        && (challenge.scheme().equals("bearer") || (!sentPassword && basic().isPresent()));
  }

  /** Prefers a token, which cannot do more than read this repository. */
  private void learn(List<String> headers) throws IOException {
    List<Challenge> all = Challenge.parse(headers);
    for (String scheme : List.of("bearer", "basic")) {
      for (Challenge offered : all) {
        if (offered.scheme().equals(scheme)) {
          take(offered);
          return;
        }
      }
    }
  }

  private void take(Challenge offered) throws IOException {
    close();
    token = null;
    challenge = offered;
    if (offered.scheme().equals("bearer")) {
      server = TokenServer.of(offered, scope, credentials, http);
    }
  }

  @Override
  public void close() throws IOException {
    TokenServer current = server;
    if (current != null) {
      current.close();
    }
  }
}
