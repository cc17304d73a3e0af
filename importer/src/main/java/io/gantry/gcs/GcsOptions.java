package io.gantry.gcs;

import io.gantry.http.HttpSourceOptions;
import io.gantry.runtime.Env;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Which object is read, and how its store is spoken to.
 *
 * @param url {@code gs://bucket/object}, or {@code http[s]://host/bucket/object} of another
 *     endpoint
 * @param credentials the JSON key of a service account; without one nobody's credentials are sent
 * @param caFiles PEM files of certificate authorities trusted beside the built-in ones
 * @param insecure do not verify certificates
 * @param attemptsMax requests tried for one piece before giving up
 * @param stallTimeout time without a byte after which a request is taken for dead; there is no
 *     limit for the whole
 * @param env where proxies and {@code STORAGE_EMULATOR_HOST} are looked up
 * @param userAgent what we call ourselves
 */
public record GcsOptions(
    String url,
    Optional<Path> credentials,
    List<Path> caFiles,
    boolean insecure,
    int attemptsMax,
    Duration stallTimeout,
    Env env,
    String userAgent) {

  public GcsOptions {
    caFiles = List.copyOf(caFiles);
    GcsAddress.of(url, env);
  }

  /** With the usual patience, and the credentials that the environment names. */
  public static GcsOptions of(
      String url, List<Path> caFiles, boolean insecure, Env env, String userAgent) {
    return new GcsOptions(
        url,
        env.get("GOOGLE_APPLICATION_CREDENTIALS").map(Path::of),
        caFiles,
        insecure,
        HttpSourceOptions.ATTEMPTS_MAX,
        HttpSourceOptions.STALL_TIMEOUT,
        env,
        userAgent);
  }

  GcsAddress address() {
    return GcsAddress.of(url, env);
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
