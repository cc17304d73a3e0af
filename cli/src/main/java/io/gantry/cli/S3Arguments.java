package io.gantry.cli;

import io.gantry.http.HttpSourceOptions;
import io.gantry.s3.S3Address;
import io.gantry.s3.S3Options;
import io.gantry.s3.S3Source;
import io.gantry.source.Source;
import java.io.IOException;
import java.util.Optional;

/** Turns the options of {@link StoreOptions} into those of the S3 source. */
final class S3Arguments {

  private S3Arguments() {}

  /** Connects to {@code s3://bucket/key} as the arguments and the environment say. */
  static Source connect(String url, Arguments arguments, Shell shell) throws IOException {
    return S3Source.connect(options(url, arguments, shell));
  }

  static S3Options options(String url, Arguments arguments, Shell shell) throws IOException {
    HttpSourceOptions http =
        HttpArguments.options(
            arguments, shell, "S3", "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
    try {
      return new S3Options(
          S3Address.ofName(
              url,
              arguments.value(StoreOptions.ENDPOINT.name()),
              arguments.value(StoreOptions.REGION.name()),
              arguments.has(StoreOptions.VIRTUAL_HOST_STYLE.name()),
              shell.env()),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          arguments.has(StoreOptions.ANONYMOUS.name()),
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
