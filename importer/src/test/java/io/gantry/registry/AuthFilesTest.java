package io.gantry.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.runtime.Env;
import io.gantry.source.SourceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuthFilesTest {

  @TempDir Path folder;
  private final Map<String, String> environment = new HashMap<>();

  @Test
  void looksAtTheFilesInOrder() throws Exception {
    environment.put("HOME", folder.toString());
    write(".dockercfg", "{\"a.io\":{\"auth\":\"%s\"}}".formatted(base64("e:5")));
    assertThat(login("a.io", "x")).isEqualTo(password("e", "5"));
    write(".docker/config.json", auths("a.io", base64("d:4")));
    assertThat(login("a.io", "x")).isEqualTo(password("d", "4"));
    environment.put("DOCKER_CONFIG", folder.resolve("secret").toString());
    write("secret/.dockerconfigjson", auths("a.io", base64("c:3")));
    assertThat(login("a.io", "x")).isEqualTo(password("c", "3"));
    write(".config/containers/auth.json", auths("a.io", base64("g:7")));
    assertThat(login("a.io", "x")).isEqualTo(password("g", "7"));
    environment.put("XDG_CONFIG_HOME", folder.resolve("xdg").toString());
    write("xdg/containers/auth.json", auths("a.io", base64("f:6")));
    assertThat(login("a.io", "x")).isEqualTo(password("f", "6"));
    environment.put("XDG_RUNTIME_DIR", folder.resolve("run").toString());
    write("run/containers/auth.json", auths("a.io", base64("b:2")));
    assertThat(login("a.io", "x")).isEqualTo(password("b", "2"));
    environment.put("REGISTRY_AUTH_FILE", folder.resolve("named").toString());
    write("named", auths("a.io", base64("a:1:with:colons")));
    assertThat(login("a.io", "x")).isEqualTo(password("a", "1:with:colons"));
    assertThat(login("b.io", "x")).isEmpty();
  }

  @Test
  void prefersTheLoginOfTheLongestName() throws Exception {
    write(
        "named",
        """
        {"auths": {
          "a.io": {"username": "host", "password": "1"},
          "a.io/team": {"username": "team", "password": "2"},
          "a.io/team/disk": {"username": "disk", "password": "3"}}}
        """);
    environment.put("REGISTRY_AUTH_FILE", folder.resolve("named").toString());
    assertThat(login("a.io", "team/disk")).isEqualTo(password("disk", "3"));
    assertThat(login("a.io", "team/other")).isEqualTo(password("team", "2"));
    assertThat(login("a.io", "teammate")).isEqualTo(password("host", "1"));
  }

  @Test
  void knowsDockersHubByItsOldNames() throws Exception {
    environment.put("REGISTRY_AUTH_FILE", folder.resolve("named").toString());
    write("named", auths("https://index.docker.io/v1/", base64("a:1")));
    assertThat(login("docker.io", "library/debian")).isEqualTo(password("a", "1"));
  }

  @Test
  void knowsTokens() throws Exception {
    environment.put("REGISTRY_AUTH_FILE", folder.resolve("named").toString());
    write(
        "named",
        """
        {"auths": {"a.io": {"auth": "", "identitytoken": "i"}, "b.io": {"registrytoken": "r"},
                   "c.io": {}}, "credHelpers": {"c.io": "helper"}}
        """);
    assertThat(login("a.io", "x")).contains(new Credentials.IdentityToken("i"));
    assertThat(login("b.io", "x")).contains(new Credentials.RegistryToken("r"));
    assertThat(login("c.io", "x")).isEmpty();
  }

  @Test
  void tellsWhichFileIsBrokenAndNothingThatIsInIt() throws Exception {
    environment.put("REGISTRY_AUTH_FILE", folder.resolve("named").toString());
    for (String secret : new String[] {"s3cret!", base64("s3cret")}) {
      write("named", auths("a.io", secret));
      assertThatThrownBy(() -> login("a.io", "x"))
          .isInstanceOf(SourceException.class)
          .hasMessageContaining(folder.resolve("named").toString())
          .hasMessageNotContaining("s3cret");
    }
    write("named", "{");
    assertThatThrownBy(() -> login("a.io", "x")).isInstanceOf(SourceException.class);
  }

  private Optional<Credentials> login(String registry, String repository) throws IOException {
    return AuthFiles.of(Env.of(environment)).login(registry, repository);
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static String auths(String registry, String auth) {
    return "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}".formatted(registry, auth);
  }

  private static String base64(String pair) {
    return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private static Optional<Credentials> password(String user, String password) {
    return Optional.of(new Credentials.Password(user, password));
  }
}
