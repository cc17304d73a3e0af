package io.gantry.s3;

import io.gantry.http.HttpSourceOptions;
import io.gantry.runtime.Env;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Which object is read, and how its store is spoken to.
 *
 * @param address where the object is
 * @param keyId access key id, with {@code secret} the static keys
 * @param secret secret access key
 * @param sessionToken what belongs to static keys that are temporary
 * @param anonymous sign nothing, whatever the environment has
 * @param caFiles PEM files of certificate authorities trusted beside the built-in ones
 * @param insecure do not verify certificates
 * @param attemptsMax requests tried for one piece before giving up
 * @param stallTimeout time without a byte after which a request is taken for dead
 * @param env where proxies are looked up, and credentials when no keys are given
 * @param userAgent what we call ourselves
 */
public record S3Options(
    S3Address address,
    Optional<String> keyId,
    Optional<String> secret,
    Optional<String> sessionToken,
    boolean anonymous,
    List<Path> caFiles,
    boolean insecure,
    int attemptsMax,
    Duration stallTimeout,
    Env env,
    String userAgent) {

  public S3Options {
    keyId = keyId.filter(value -> !value.isEmpty());
    secret = secret.filter(value -> !value.isEmpty());
    sessionToken = sessionToken.filter(value -> !value.isEmpty());
    caFiles = List.copyOf(caFiles);
    if (keyId.isPresent() != secret.isPresent()) {
      throw new IllegalArgumentException(
          "S3 needs an access key id and its secret key, or neither: there is no "
              + (keyId.isPresent() ? "secret key" : "access key id"));
    }
  }

  /** With the usual patience. */
  public static S3Options of(
      S3Address address,
      Optional<String> keyId,
      Optional<String> secret,
      List<Path> caFiles,
      boolean insecure,
      Env env,
      String userAgent) {
    return new S3Options(
        address,
        keyId,
        secret,
        Optional.empty(),
        false,
        caFiles,
        insecure,
        HttpSourceOptions.ATTEMPTS_MAX,
        HttpSourceOptions.STALL_TIMEOUT,
        env,
        userAgent);
  }

  /** Returns what the HTTP client is to know of this. */
  HttpSourceOptions http() {
    return new HttpSourceOptions(
        Optional.empty(),
        Optional.empty(),
        List.of(),
        caFiles,
        insecure,
        HttpSourceOptions.REDIRECTS_MAX,
        attemptsMax,
        stallTimeout,
        env,
        userAgent);
  }
}
