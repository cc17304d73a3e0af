package io.gantry.poller;

import io.gantry.http.HttpSourceOptions;
import io.gantry.registry.RegistryOptions;
import io.gantry.runtime.CertificateDirectory;
import io.gantry.runtime.PodRoot;
import io.gantry.runtime.WorkerLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How the registry is spoken to: as the importer does, with less patience. */
final class RegistryAccess {

  /** The next poll comes by itself; a registry that rests this long is not there. */
  private static final Duration STALL_TIMEOUT = Duration.ofSeconds(30);

  private static final int ATTEMPTS_MAX = 5;

  private final PollerConfig config;
  private final PodRoot root;
  private final WorkerLog log;

  RegistryAccess(PollerConfig config, PodRoot root, WorkerLog log) {
    this.config = config;
    this.root = root;
    this.log = log;
  }

  RegistryOptions options() throws IOException {
    boolean login = config.user().isPresent() && config.password().isPresent();
    HttpSourceOptions http =
        new HttpSourceOptions(
            config.user().filter(_ -> login),
            config.password().filter(_ -> login),
            List.of(),
            caFiles(),
            config.insecureTls(),
            HttpSourceOptions.REDIRECTS_MAX,
            ATTEMPTS_MAX,
            STALL_TIMEOUT,
            config.env(),
            HttpSourceOptions.USER_AGENT);
    return new RegistryOptions(config.url(), Optional.empty(), Map.of(), http);
  }

  /** Those of the proxy, if there is one, and those of the registry, by their names' endings. */
  private List<Path> caFiles() throws IOException {
    List<Path> files = new ArrayList<>();
    if (Files.isDirectory(root.proxyCertificates())) {
      files.addAll(CertificateDirectory.files(root.proxyCertificates(), log::warning));
    }
    if (config.certDir().isPresent()) {
      files.addAll(certificates(root.at(config.certDir().get())));
    }
    return RegistryOptions.authorities(files);
  }

  /** Without the directory there are the built-in authorities still: TLS will tell. */
  private List<Path> certificates(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      log.warning("-certdir %s is no directory and is left out".formatted(directory));
      return List.of();
    }
    return CertificateDirectory.files(directory, log::warning);
  }
}
