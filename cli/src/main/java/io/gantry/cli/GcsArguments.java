package io.gantry.cli;

import io.gantry.gcs.GcsOptions;
import io.gantry.gcs.GcsSource;
import io.gantry.http.HttpSourceOptions;
import io.gantry.source.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Turns the options of {@link StoreOptions} into those of the Cloud Storage source. */
final class GcsArguments {

  private static final String CREDENTIALS = "GOOGLE_APPLICATION_CREDENTIALS";

  private GcsArguments() {}

  /** Connects to {@code gs://bucket/object} as the arguments and the environment say. */
  static Source connect(String url, Arguments arguments, Shell shell) throws IOException {
    return GcsSource.connect(options(url, arguments, shell));
  }

  static GcsOptions options(String url, Arguments arguments, Shell shell) throws IOException {
    HttpSourceOptions http =
        HttpArguments.options(arguments, shell, "Google Cloud Storage", CREDENTIALS);
    Optional<Path> credentials =
        arguments.has(StoreOptions.ANONYMOUS.name())
            ? Optional.empty()
            : shell.env().get(CREDENTIALS).map(Sources::path);
    try {
      return new GcsOptions(
          url,
          credentials,
          http.caFiles(),
          http.insecure(),
          http.attemptsMax(),
          http.stallTimeout(),
          http.env(),
          http.userAgent());
    } catch (IllegalArgumentException e) {
      throw new UsageException(url + ": " + e.getMessage());
    }
  }
}
