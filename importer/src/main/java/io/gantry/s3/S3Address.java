package io.gantry.s3;

import io.gantry.http.ObjectName;
import io.gantry.http.UrlText;
import io.gantry.runtime.Env;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

/**
 * An object, and the endpoint that serves it.
 *
 * @param endpoint scheme, host, port, perhaps a path below which the store lies
 * @param region what requests are signed for
 * @param virtualHost whether the bucket's name stands before the host's rather than in the path
 */
public record S3Address(
    URI endpoint, String bucket, String key, String region, boolean virtualHost) {

  /** Where Amazon looks when nobody says otherwise; other stores ignore the region. */
  private static final String REGION_DEFAULT = "us-east-1";

  private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,63}");

  /** Amazon's own endpoints by region, and the old one for all of them. */
  private static final Pattern AMAZON =
      Pattern.compile("(?:[^.]+\\.)*?s3(?:[.-]([a-z0-9-]+))?\\.amazonaws\\.com(?:\\.cn)?");

  /** Where CDI's importer finds the region in a host name, wherever in it that stands. */
  private static final Pattern REGION_IN_HOST = Pattern.compile("s3\\.(.+)\\.amazonaws\\.com");

  /**
   * Takes the form apart that CDI's control plane hands over: {@code http[s]://host/bucket/key}.
   * Any scheme but http means TLS. The region is what the host says: {@code <x>} in {@code
   * s3.<x>.amazonaws.com}, else all before the first dot, port included.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  public static S3Address ofEndpoint(String text) {
    URI uri = parse(text);
    String scheme = "http".equalsIgnoreCase(uri.getScheme()) ? "http" : "https";
    String authority = ObjectName.authority(uri);
    ObjectName name = ObjectName.inPath(uri);
    URI endpoint = URI.create(scheme + "://" + authority);
    return new S3Address(endpoint, name.bucket(), name.key(), regionOf(authority), false);
  }

  /**
   * Takes {@code s3://bucket/key}, the way people write it: the key stands there as it is, nothing
   * is percent-decoded. What is not given comes from the environment, by the names that Amazon's
   * own tools know, and in the end it is Amazon.
   *
   * @param endpoint {@code [http[s]://]host[:port][/path]} of another store
   * @throws IllegalArgumentException with what is wrong
   */
  public static S3Address ofName(
      String text,
      Optional<String> endpoint,
      Optional<String> region,
      boolean virtualHost,
      Env env) {
    ObjectName name = ObjectName.literal(text);
    String chosen =
        region
            .or(() -> env.get("AWS_REGION"))
            .or(() -> env.get("AWS_DEFAULT_REGION"))
            .orElse(REGION_DEFAULT);
    if (!REGION.matcher(chosen).matches()) {
      throw new IllegalArgumentException(
          "\"%s\" is no region, write one like eu-west-1".formatted(chosen));
    }
    URI at =
        endpoint
            .or(() -> env.get("AWS_ENDPOINT_URL_S3"))
            .or(() -> env.get("AWS_ENDPOINT_URL"))
            .map(S3Address::parseEndpoint)
            .orElseGet(() -> amazon(chosen));
    return new S3Address(at, name.bucket(), name.key(), chosen, virtualHost);
  }

  /** Returns the URL of the object, encoded as requests are signed. */
  URI url() {
    String scheme = endpoint.getScheme();
    String authority = ObjectName.authority(endpoint);
    String path = endpoint.getRawPath() == null ? "" : endpoint.getRawPath().replaceAll("/+$", "");
    String object = ObjectName.encode(key);
    return URI.create(
        virtualHost
            ? "%s://%s.%s%s/%s".formatted(scheme, bucket, authority, path, object)
            : "%s://%s%s/%s/%s"
                .formatted(scheme, authority, path, ObjectName.encode(bucket), object));
  }

  /**
   * Returns the same object where the store says that it is. An endpoint of Amazon's is exchanged
   * with the region; at another one only the signature changes.
   *
   * @return nothing when that is where it was looked for, or no region at all
   */
  Optional<S3Address> in(String actual) {
    if (actual.equals(region) || !REGION.matcher(actual).matches()) {
      return Optional.empty();
    }
    boolean atAmazon = AMAZON.matcher(ObjectName.authority(endpoint)).matches();
    URI there = atAmazon ? amazon(actual) : endpoint;
    return Optional.of(new S3Address(there, bucket, key, actual, virtualHost));
  }

  private static URI amazon(String region) {
    String suffix = PartitionMetadata.of(Region.of(region)).dnsSuffix();
    return URI.create("https://s3.%s.%s".formatted(region, suffix));
  }

  static String regionOf(String authority) {
    Matcher amazon = REGION_IN_HOST.matcher(authority);
    if (amazon.find()) {
      return amazon.group(1);
    }
    int dot = authority.indexOf('.');
    return dot < 0 ? authority : authority.substring(0, dot);
  }

  private static URI parseEndpoint(String text) {
    URI uri = parse(text.contains("://") ? text : "https://" + text);
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException(
          "the endpoint has scheme \"%s\", write http:// or https://".formatted(scheme));
    }
    ObjectName.authority(uri);
    return uri;
  }

  private static URI parse(String text) {
    try {
      return UrlText.parse(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "the endpoint is malformed at character %d: %s"
              .formatted(e.getIndex() + 1, e.getReason()),
          e);
    }
  }

  /** For people. */
  @Override
  public String toString() {
    return "s3://" + bucket + "/" + key;
  }
}
