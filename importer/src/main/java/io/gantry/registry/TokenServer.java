package io.gantry.registry;

import io.gantry.http.HttpSourceOptions;
import io.gantry.http.SmallRequests;
import io.gantry.image.MalformedImageException;
import io.gantry.source.SourceException;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Hands out tokens for one repository, to whoever has the credentials for it or, for a public one,
 * to anybody.
 */
final class TokenServer implements Closeable {

  private static final String FORM = "application/x-www-form-urlencoded";

  private final String realm;
  private final Optional<String> service;
  private final String scope;
  private final Optional<Credentials> credentials;
  private final SmallRequests web;

  private TokenServer(
      String realm,
      Optional<String> service,
      String scope,
      Optional<Credentials> credentials,
      SmallRequests web) {
    this.realm = realm;
    this.service = service;
    this.scope = scope;
    this.credentials = credentials;
    this.web = web;
  }

  /**
   * Finds the server that a challenge names.
   *
   * @param scope wanted where the challenge names none
   * @throws SourceException when it is not one to be trusted with credentials
   */
  static TokenServer of(
      Challenge challenge, String scope, Optional<Credentials> credentials, HttpSourceOptions http)
      throws IOException {
    String realm =
        challenge
            .parameter("realm")
            .orElseThrow(() -> new SourceException("the registry names no token server", false));
    URI uri = uri(realm);
    if ("http".equalsIgnoreCase(uri.getScheme()) && credentials.isPresent() && !http.insecure()) {
      throw new SourceException(
          "the registry wants credentials sent to %s, where others can read them; insecure access"
                  .formatted(realm)
              + " allows that",
          false);
    }
    return new TokenServer(
        realm,
        challenge.parameter("service"),
        challenge.parameter("scope").orElse(scope),
        credentials,
        new SmallRequests(http));
  }

  private static URI uri(String realm) throws SourceException {
    try {
      return new URI(realm);
    } catch (URISyntaxException e) {
      throw new SourceException("the token server \"%s\" is no URL".formatted(realm), false, e);
    }
  }

  /** Asks for a token. */
  BearerToken token() throws IOException {
    SmallRequests.Answer answer = ask();
    if (answer.status() != 200) {
      throw refused(answer.status());
    }
    try {
      return BearerToken.parse(answer.body(), System.nanoTime());
    } catch (MalformedImageException e) {
      throw new SourceException("token server %s: %s".formatted(realm, e.getMessage()), false, e);
    }
  }

  private SmallRequests.Answer ask() throws IOException {
    return switch (credentials.orElse(null)) {
      case Credentials.IdentityToken(String identity) ->
          send("POST", realm, Map.of("Content-Type", FORM), refresh(identity));
      case Credentials.Password password ->
          send("GET", query(), Map.of("Authorization", password.basic()), "");
      case Credentials.RegistryToken _ -> throw new IllegalStateException("has a token already");
      case null -> send("GET", query(), Map.of(), "");
    };
  }

  private SmallRequests.Answer send(
      String method, String uri, Map<String, String> headers, String body) throws IOException {
    return web.sendPatiently(
        "token server " + realm,
        method,
        uri(uri),
        headers,
        body.getBytes(StandardCharsets.US_ASCII));
  }

  private String query() {
    List<String> parts = new ArrayList<>();
    service.ifPresent(name -> parts.add("service=" + encoded(name)));
    parts.add("scope=" + encoded(scope));
    return realm + (realm.indexOf('?') < 0 ? "?" : "&") + String.join("&", parts);
  }

  /** RFC 6749 section 6, as Docker's "Authenticate using OAuth2" has it. */
  private String refresh(String identity) {
    return "grant_type=refresh_token&client_id=gantry&service=%s&scope=%s&refresh_token=%s"
        .formatted(encoded(service.orElse("")), encoded(scope), encoded(identity));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private SourceException refused(int status) {
    String why =
        credentials.isPresent()
            ? "the credentials are refused"
            : "it wants credentials, or the image does not exist";
    return new SourceException(
        "token server %s answers %d: %s".formatted(realm, status, why), false);
  }

  @Override
  public void close() throws IOException {
    web.close();
  }
}
