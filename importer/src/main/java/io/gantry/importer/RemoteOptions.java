package io.gantry.importer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.gantry.http.HttpSourceOptions;
import io.gantry.registry.RegistryOptions;
import io.gantry.runtime.CertificateDirectory;
import io.gantry.runtime.WorkerLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Turns the worker's environment and mounts into the way servers are spoken to. */
final class RemoteOptions {

  /** The reference's own; the proxies of its tests look for it. */
  static final String USER_AGENT = "cdi-golang-importer";

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
    return options(config.credentials(), List.of(), RegistryOptions.authorities(caFiles()));
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
        config.stallTimeout(),
        config.env(),
        USER_AGENT);
  }

  /** Those of the proxy, if there is one, and those of the import. */
  private List<Path> caFiles() throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path directory : proxyCertificates()) {
      files.addAll(CertificateDirectory.files(directory, log::warning));
    }
    if (config.certDir().isPresent()) {
      files.addAll(CertificateDirectory.files(paths.at(config.certDir().get()), log::warning));
    }
    return files;
  }

  /** The place that has always been looked at, and the one that the controller names. */
  private Set<Path> proxyCertificates() {
    Stream<Path> named = config.proxyCertDir().map(paths::at).stream();
    return Stream.concat(Stream.of(paths.proxyCertificates()), named)
        .map(Path::normalize)
        .filter(Files::isDirectory)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private List<Map.Entry<String, String>> headers() throws IOException {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    for (String header : config.extraHeaders()) {
      addHeader(headers, "extra header", header);
    }
    for (Path file : secretHeaderFiles()) {
      // One byte a character, as headers are sent: a secret need not be UTF-8.
      addHeader(headers, "secret header " + file, Files.readString(file, ISO_8859_1));
    }
    return headers;
  }

  /** What cannot be a header at all is an error, since the server may count on it. */
  private void addHeader(List<Map.Entry<String, String>> headers, String what, String text) {
    if (!text.contains(":")) {
      log.warning(what + " has no colon and is left out");
    } else if (HttpSourceOptions.isOurs(text)) {
      log.warning(
          "%s sets %s, which is the importer's own, and is left out"
              .formatted(what, text.substring(0, text.indexOf(':')).strip()));
    } else {
      headers.add(HttpSourceOptions.parseHeader(text));
    }
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
