package io.gantry.registry;

import io.gantry.runtime.Env;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where container tools keep their logins, in the order in which they are looked at. */
record AuthFiles(List<Path> paths) {

  /** The names of such a file, also those that it has in a pull secret mounted as a volume. */
  private static final List<String> DOCKER_NAMES =
      List.of("config.json", ".dockerconfigjson", ".dockercfg");

  static AuthFiles of(Env env) {
    List<Path> paths = new ArrayList<>();
    Optional<Path> named = env.get("REGISTRY_AUTH_FILE").map(Path::of);
    Optional<Path> home = env.get("HOME").map(Path::of);
    named.ifPresent(paths::add);
    env.get("XDG_RUNTIME_DIR")
        .ifPresent(directory -> paths.add(Path.of(directory, "containers/auth.json")));
    env.get("XDG_CONFIG_HOME")
        .map(Path::of)
        .or(() -> home.map(path -> path.resolve(".config")))
        .ifPresent(directory -> paths.add(directory.resolve("containers/auth.json")));
    Optional<Path> docker =
        env.get("DOCKER_CONFIG").map(Path::of).or(() -> home.map(path -> path.resolve(".docker")));
    docker.ifPresent(path -> DOCKER_NAMES.forEach(name -> paths.add(path.resolve(name))));
    home.ifPresent(path -> paths.add(path.resolve(".dockercfg")));
    return new AuthFiles(List.copyOf(paths));
  }

  /** Returns the first login for a repository that a file has. */
  Optional<Credentials> login(String registry, String repository) throws IOException {
    for (Path path : paths) {
      Optional<AuthFile> file = AuthFile.read(path);
      Optional<Credentials> login =
          file.isPresent() ? file.get().login(registry, repository) : Optional.empty();
      if (login.isPresent()) {
        return login;
      }
    }
    return Optional.empty();
  }
}
