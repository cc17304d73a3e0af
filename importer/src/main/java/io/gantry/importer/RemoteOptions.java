package io.gantry.importer;

import io.gantry.http.HttpSourceOptions;
import io.gantry.runtime.CertificateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Turns the worker's environment and mounts into the way servers are spoken to. */
final class RemoteOptions {

  /** The reference's own; the proxies of its tests look for it. */
  static final String USER_AGENT = "cdi-golang-importer";

  /** The reference waits that long for a byte; then the container is started again. */
  private static final Duration STALL_TIMEOUT = Duration.ofMinutes(10);

  private final ImporterConfig config;
  private final ImporterPaths paths;
  private final WorkerLog log;

  RemoteOptions(ImporterConfig config, ImporterPaths paths, WorkerLog log) {
    this.config = config;
    this.paths = paths;
    this.log = log;
  }

  /** Returns the options for a web server, with credentials and extra headers. */
  HttpSourceOptions http() throws IOException {
    HttpSourceOptions options = options(config.credentials(), headers());
    return config.credentialsEverywhere() ? options.sendingCredentialsEverywhere() : options;
  }

  /** Returns the options for a server that has its own way of authentication. */
  HttpSourceOptions anonymous() throws IOException {
    return options(Optional.empty(), List.of());
  }

  /** Returns the options for a registry, which looks at certificates by their names' endings. */
  HttpSourceOptions registry() throws IOException {
    List<Path> named =
        caFiles().stream()
            .filter(file -> file.toString().endsWith(".crt") || file.toString().endsWith(".pem"))
            .toList();
    return options(config.credentials(), List.of(), named);
  }

  private HttpSourceOptions options(
      Optional<Map.Entry<String, String>> credentials, List<Map.Entry<String, String>> headers)
      throws IOException {
    return options(credentials, headers, caFiles());
  }

  private HttpSourceOptions options(
      Optional<Map.Entry<String, String>> credentials,
      List<Map.Entry<String, String>> headers,
      List<Path> caFiles) {
    return new HttpSourceOptions(
        credentials.map(Map.Entry::getKey),
        credentials.map(Map.Entry::getValue),
        headers,
        caFiles,
        config.insecureTls(),
        HttpSourceOptions.REDIRECTS_MAX,
        HttpSourceOptions.ATTEMPTS_MAX,
        STALL_TIMEOUT,
        config.env(),
        USER_AGENT);
  }

  /** Those of the proxy, if there is one, and those of the import. */
  private List<Path> caFiles() throws IOException {
    List<Path> files = new ArrayList<>();
    if (Files.isDirectory(paths.proxyCertificates())) {
      files.addAll(CertificateDirectory.files(paths.proxyCertificates(), log::warning));
    }
    if (config.certDir().isPresent()) {
      files.addAll(CertificateDirectory.files(paths.at(config.certDir().get()), log::warning));
    }
    return files;
  }

  private List<Map.Entry<String, String>> headers() throws IOException {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    for (String header : config.extraHeaders()) {
      headers.add(HttpSourceOptions.parseHeader(header));
    }
    for (Path file : secretHeaderFiles()) {
      String header = Files.readString(file);
      if (header.contains(":")) {
        headers.add(HttpSourceOptions.parseHeader(header));
      } else {
        log.warning("secret header " + file + " has no colon and is left out");
      }
    }
    return headers;
  }

  /** One secret a directory, one header a file; what begins with a dot is the kubelet's. */
  private List<Path> secretHeaderFiles() throws IOException {
    Path directory = paths.extraHeaders();
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> tree = Files.walk(directory)) {
      return tree.filter(path -> !isHidden(directory.relativize(path)))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    }
  }

  private static boolean isHidden(Path relative) {
    for (Path name : relative) {
      if (name.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }
}
