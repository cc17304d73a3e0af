package io.gantry.importer;

import io.gantry.gcs.GcsOptions;
import io.gantry.gcs.GcsSource;
import io.gantry.http.HttpSourceOptions;
import io.gantry.s3.S3Address;
import io.gantry.s3.S3Options;
import io.gantry.s3.S3Source;
import io.gantry.source.Source;
import io.gantry.source.SourceException;
import java.io.IOException;
import java.util.Optional;

/**
 * Opens objects of S3 and Google Cloud Storage. A class of its own, so that an import from
 * elsewhere loads nothing of either.
 */
final class ObjectStores {

  private ObjectStores() {}

  /** The keys are those of the secret; without a secret, those that the pod has otherwise. */
  static Source s3(ImporterConfig config, HttpSourceOptions http) throws IOException {
    S3Address address = S3Address.ofEndpoint(config.endpoint());
    if (config.user().isPresent() != config.password().isPresent()) {
      throw new SourceException(
          "could not get s3 object: \"%s/%s\": EmptyStaticCreds: static credentials are empty; the"
                  .formatted(address.bucket(), address.key())
              + " secret must have both accessKeyId and secretKey",
          false);
    }
    return S3Source.connect(
        new S3Options(
            address,
            config.user(),
            config.password(),
            Optional.empty(),
            false,
            http.caFiles(),
            http.insecure(),
            http.attemptsMax(),
            http.stallTimeout(),
            http.env(),
            http.userAgent()));
  }

  /** The service account's file is where the secret is mounted. */
  static Source gcs(ImporterConfig config, ImporterPaths paths, HttpSourceOptions http)
      throws IOException {
    return GcsSource.connect(
        new GcsOptions(
            config.endpoint(),
            config.env().get("GOOGLE_APPLICATION_CREDENTIALS").map(paths::at),
            http.caFiles(),
            http.insecure(),
            http.attemptsMax(),
            http.stallTimeout(),
            http.env(),
            http.userAgent()));
  }
}
