package io.gantry.registry;

import io.gantry.image.MalformedImageException;
import io.gantry.source.SourceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A file of logins as {@code docker login} and {@code podman login} write it, or a pull secret of
 * Kubernetes, which has one inside: {@code {"auths": {"HOST": {"auth": BASE64}}}}. The older form
 * lacks {@code auths} around it.
 *
 * <p>Programs that keep logins elsewhere ({@code credHelpers}) are not asked: Gantry starts none.
 */
final class AuthFile {

  private static final long BYTES_MAX = 8 << 20;

  private final Path path;
  private final JsonFields logins;

  private AuthFile(Path path, JsonFields logins) {
    this.path = path;
    this.logins = logins;
  }

  /** Reads a file; nothing when there is none. */
  static Optional<AuthFile> read(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      return Optional.empty();
    }
    try {
      if (Files.size(path) > BYTES_MAX) {
        throw new SourceException(
            "%s has more than %d bytes: it holds no logins".formatted(path, BYTES_MAX), false);
      }
      JsonFields file = JsonFields.parse(Files.readAllBytes(path), path.toString());
      return Optional.of(new AuthFile(path, file.object("auths").orElse(file)));
    } catch (AccessDeniedException e) {
      throw new SourceException(path + ": permission denied", false, e);
    } catch (MalformedImageException e) {
      throw new SourceException(String.valueOf(e.getMessage()), false, e);
    }
  }

  /**
   * Returns the login for a repository, that of the longest matching name first (containers-auth
   * .json(5)): {@code HOST/TEAM/APP}, {@code HOST/TEAM}, {@code HOST}.
   */
  Optional<Credentials> login(String registry, String repository) throws SourceException {
    try {
      for (String scope : scopes(registry, repository)) {
        for (String name : logins.names()) {
          if (plain(name).equals(scope)) {
            Optional<JsonFields> login = logins.object(name);
            Optional<Credentials> found =
                login.isPresent() ? credentials(login.get()) : Optional.empty();
            if (found.isPresent()) {
              return found;
            }
          }
        }
      }
      return Optional.empty();
    } catch (MalformedImageException e) {
      throw new SourceException(String.valueOf(e.getMessage()), false, e);
    }
  }

  private static List<String> scopes(String registry, String repository) {
    List<String> scopes = new ArrayList<>();
    String scope = registry + "/" + repository;
    while (scope.length() > registry.length()) {
      scopes.add(scope);
      scope = scope.substring(0, scope.lastIndexOf('/'));
    }
    scopes.add(registry);
    return scopes;
  }

  /** Docker writes URLs, and calls its hub by an address that it has not had for years. */
  private static String plain(String name) {
    String withoutScheme = name.replaceFirst("^https?://", "");
    String withoutVersion = withoutScheme.replaceFirst("/v[12]/?$", "").replaceFirst("/$", "");
    return switch (withoutVersion) {
      case "index.docker.io", "registry-1.docker.io" -> DockerName.DOCKER_HUB;
      default -> withoutVersion;
    };
  }

  private Optional<Credentials> credentials(JsonFields login)
      throws MalformedImageException, SourceException {
    Optional<String> identity = given(login, "identitytoken");
    if (identity.isPresent()) {
      return Optional.of(new Credentials.IdentityToken(identity.get()));
    }
    Optional<String> token = given(login, "registrytoken");
    if (token.isPresent()) {
      return Optional.of(new Credentials.RegistryToken(token.get()));
    }
    Optional<String> auth = given(login, "auth");
    if (auth.isPresent()) {
      return Optional.of(decode(auth.get()));
    }
    Optional<String> user = given(login, "username");
    return user.isPresent()
        ? Optional.of(new Credentials.Password(user.get(), login.text("password").orElse("")))
        : Optional.empty();
  }

  private static Optional<String> given(JsonFields login, String name)
      throws MalformedImageException {
    return login.text(name).filter(text -> !text.isEmpty());
  }

  /** Never says what is in there. */
  private Credentials decode(String base64) throws SourceException {
    String pair;
    try {
      // Docker once padded passwords with NUL.
      byte[] bytes = Base64.getDecoder().decode(base64.strip());
      pair = new String(bytes, StandardCharsets.UTF_8).replaceAll("\0+$", "");
    } catch (IllegalArgumentException e) {
      throw new SourceException(path + ": an \"auth\" is no base64", false, e);
    }
    int colon = pair.indexOf(':');
    if (colon < 0) {
      throw new SourceException(path + ": an \"auth\" is no USER:PASSWORD", false);
    }
    return new Credentials.Password(pair.substring(0, colon), pair.substring(colon + 1));
  }
}
