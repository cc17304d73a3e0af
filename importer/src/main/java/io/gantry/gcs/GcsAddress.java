package io.gantry.gcs;

import io.gantry.http.ObjectName;
import io.gantry.http.UrlText;
import io.gantry.runtime.Env;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/**
 * An object, and the endpoint that serves it.
 *
 * @param endpoint scheme, host and port
 * @param emulated whether that is an emulator, which knows no credentials
 */
record GcsAddress(URI endpoint, ObjectName object, boolean emulated) {

  private static final URI GOOGLE = URI.create("https://storage.googleapis.com");

  /** Google's own libraries look here for an emulator, {@code [http://]host:port}. */
  private static final String EMULATOR = "STORAGE_EMULATOR_HOST";

  /**
   * Takes {@code gs://bucket/object} or {@code http[s]://host/bucket/object} apart, as CDI's
   * control plane hands them over: percent-encoded, a query counts for nothing.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  static GcsAddress of(String text, Env env) {
    URI uri = parse(text);
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    return switch (scheme) {
      case "gs" -> inGoogle(uri, env.get(EMULATOR));
      case "http", "https" ->
          new GcsAddress(
              URI.create(scheme + "://" + ObjectName.authority(uri)),
              ObjectName.inPath(uri),
              false);
      default ->
          throw new IllegalArgumentException(
              "the URL has scheme \"%s\", write gs://BUCKET/OBJECT".formatted(scheme));
    };
  }

  private static GcsAddress inGoogle(URI uri, Optional<String> emulator) {
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    ObjectName object = ObjectName.inPath(parse("gs:///" + ObjectName.authority(uri) + path));
    return emulator
        .map(host -> parse(host.contains("://") ? host : "http://" + host))
        .map(endpoint -> new GcsAddress(endpoint, object, true))
        .orElseGet(() -> new GcsAddress(GOOGLE, object, false));
  }

  /** Returns the URL of the object in the XML interface. */
  URI url() {
    return URI.create(
        "%s://%s/%s/%s"
            .formatted(
                endpoint.getScheme(),
                ObjectName.authority(endpoint),
                ObjectName.encode(object.bucket()),
                ObjectName.encode(object.key())));
  }

  private static URI parse(String text) {
    try {
      return UrlText.parse(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "the URL is malformed at character %d: %s".formatted(e.getIndex() + 1, e.getReason()), e);
    }
  }

  /** For people. */
  @Override
  public String toString() {
    return "gs://" + object;
  }
}
