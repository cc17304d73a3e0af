package io.gantry.importer;

import io.gantry.http.HttpSource;
import io.gantry.http.HttpSourceOptions;
import io.gantry.http.UrlText;
import io.gantry.registry.RegistryOptions;
import io.gantry.registry.RegistrySource;
import io.gantry.runtime.WorkerLog;
import io.gantry.source.ExpectedDigest;
import io.gantry.source.Source;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;

/** Opens what {@code IMPORTER_SOURCE} and {@code IMPORTER_ENDPOINT} name. */
final class SourceOpener {

  /** Connects to a source that needs no more than its options. */
  private interface Connecting {
    Source connect(HttpSourceOptions options) throws IOException;
  }

  private final ImporterConfig config;
  private final ImporterPaths paths;
  private final RemoteOptions options;
  private final WorkerLog log;

  SourceOpener(ImporterConfig config, ImporterPaths paths, WorkerLog log) {
    this.config = config;
    this.paths = paths;
    this.options = new RemoteOptions(config, paths, log);
    this.log = log;
  }

  ImportSource open(Handshake handshake) throws ImportException {
    return switch (config.source()) {
      case "http" -> http(handshake);
      case "s3" -> store("s3", http -> ObjectStores.s3(config, http));
      case "gcs" -> store("gcs", http -> ObjectStores.gcs(config, paths, http));
      case "registry" -> registry();
      case "vddk", "imageio" ->
          throw ImportException.of(
              ErrorCode.SOURCE_UNKNOWN,
              "Unable to connect to %s data source: this importer has none, run CDI's own image for it"
                  .formatted(config.source()),
              null);
      default ->
          throw ImportException.of(
              ErrorCode.SOURCE_UNKNOWN, "Unknown data source: " + config.source(), null);
    };
  }

  private ImportSource http(Handshake handshake) throws ImportException {
    try {
      config.checksum().ifPresent(SourceOpener::checkChecksum);
      URI uri = uri(handshake.endpoint(config.endpoint()));
      HttpSourceOptions http = options.http();
      Map<String, String> labels =
          config.isServedBesideIt() ? NodeImage.labels(uri, http, log) : Map.of();
      HttpSource source = HttpSource.connect(uri, http);
      warnOfOddities(source);
      return new ImportSource(source, labels);
    } catch (IOException | IllegalArgumentException e) {
      throw cannotConnect("http", FailureText.connecting(e), e);
    }
  }

  private void warnOfOddities(HttpSource source) {
    if (config.contentType() == ImporterConfig.ContentType.KUBEVIRT) {
      String type = source.mediaType().orElse("");
      if (type.toLowerCase(Locale.ROOT).startsWith("text/")) {
        log.warning(
            "Unexpected content type '" + type + "'. Content might not be a KubeVirt image.");
      }
    }
    if (!source.endIsCertain() && config.checksum().isEmpty()) {
      log.warning(
          "the server does not tell the image's length: if it breaks off in the middle of a raw"
              + " disk, nobody will notice; give a checksum");
    }
  }

  private ImportSource store(String kind, Connecting how) throws ImportException {
    try {
      if (config.endpoint().isEmpty()) {
        throw new IOException("endpoint is empty");
      }
      return ImportSource.of(how.connect(options.anonymous()));
    } catch (IOException | IllegalArgumentException e) {
      throw cannotConnect(kind, String.valueOf(e.getMessage()), e);
    }
  }

  /** There is no such thing as being connected to a registry: every failure is one of pulling. */
  private ImportSource registry() throws ImportException {
    try {
      RegistrySource source =
          RegistrySource.open(
              new RegistryOptions(
                  config.endpoint(), config.registryArchitecture(), Map.of(), options.registry()));
      findDisk(source);
      return new ImportSource(source, ImageLabels.of(source.environment()));
    } catch (IOException | IllegalArgumentException e) {
      throw ImportException.processing(FailureText.TO_SCRATCH + e.getMessage(), e);
    }
  }

  private static void findDisk(RegistrySource source) throws IOException {
    try {
      source.find();
    } catch (IOException | RuntimeException e) {
      source.close();
      throw e;
    }
  }

  private static void checkChecksum(String text) {
    try {
      ExpectedDigest.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("invalid checksum: " + e.getMessage(), e);
    }
  }

  private URI uri(String endpoint) throws IOException {
    if (endpoint.isEmpty()) {
      throw new IOException("endpoint is empty");
    }
    try {
      return UrlText.parse(endpoint);
    } catch (URISyntaxException e) {
      throw new IOException(
          "unable to parse endpoint at character %d: %s".formatted(e.getIndex() + 1, e.getReason()),
          e);
    }
  }

  private static ImportException cannotConnect(String kind, String text, Exception cause) {
    ErrorCode known = ErrorCode.of(cause);
    ErrorCode code = known == ErrorCode.INTERNAL ? ErrorCode.ENVIRONMENT : known;
    return ImportException.of(
        code, "Unable to connect to %s data source: %s".formatted(kind, text), cause);
  }
}
