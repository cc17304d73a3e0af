package io.gantry.s3;

import io.gantry.http.Refusal;
import io.gantry.http.StoreAccess;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * Signs requests (Signature Version 4) and understands refusals.
 *
 * <p>The signature covers the Range and If-Match headers, too, so nobody on the way can make of the
 * request one for other bytes.
 */
final class S3Access implements StoreAccess, Closeable {

  /** S3 tolerates 15 minutes; less than this is the network's delay. */
  private static final Duration SKEW_MIN = Duration.ofMinutes(1);

  private final S3Address address;
  private final S3Credentials credentials;
  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
  private volatile Clock clock = Clock.systemUTC();
  private volatile @Nullable S3Address elsewhere;

  S3Access(S3Address address, S3Credentials credentials) {
    this.address = address;
    this.credentials = credentials;
  }

  URI url() {
    return address.url();
  }

  /** Returns where the object is, when a refusal said that it is not here. */
  Optional<S3Address> elsewhere() {
    return Optional.ofNullable(elsewhere);
  }

  /** Returns who is asked, and in whose name. */
  String detail() {
    return "%s, region %s, %s"
        .formatted(url(), address.region(), credentials.given() ? "signed" : "not signed");
  }

  @Override
  public String name() {
    return address.toString();
  }

  @Override
  public String cannotOpen() {
    return "could not get s3 object: \"%s/%s\"".formatted(address.bucket(), address.key());
  }

  @Override
  public Map<String, String> authorize(URI target, Map<String, String> headers) throws IOException {
    Optional<AwsCredentialsIdentity> identity = credentials.now();
    if (identity.isEmpty()) {
      return Map.of();
    }
    SdkHttpRequest.Builder request =
        SdkHttpRequest.builder().method(SdkHttpMethod.GET).uri(target).host("in-host-header");
    headers.forEach(request::putHeader);
    // S3 wants the path as it is: neither normalised nor encoded twice (Amazon S3 API reference,
    // "Authenticating Requests: Using the Authorization Header").
    SignedRequest signed =
        signer.sign(
            sign ->
                sign.identity(identity.get())
                    .request(request.build())
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                    .putProperty(AwsV4HttpSigner.REGION_NAME, address.region())
                    .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                    .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
                    .putProperty(AwsV4HttpSigner.SIGNING_CLOCK, clock));
    Map<String, String> added = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    signed.request().forEachHeader((name, values) -> added.put(name, values.getFirst()));
    headers.keySet().forEach(added::remove);
    return added;
  }

  /** RFC 9110 section 13.1.1: a weak tag would never match. */
  @Override
  public Map<String, String> sameContent(Function<String, Optional<String>> firstAnswer) {
    Optional<String> strong = firstAnswer.apply("ETag").filter(tag -> tag.startsWith("\""));
    return strong.map(tag -> Map.of("If-Match", tag)).orElse(Map.of());
  }

  /** A clock that is wrong is put right by the store's own, as the SDK's clients do. */
  @Override
  public boolean renew(Refusal refusal) {
    if (!S3Refusals.REQUEST_TIME_TOO_SKEWED.equals(refusal.element("Code").orElse(""))) {
      return false;
    }
    Optional<Instant> theirs = refusal.headers().apply("Date").flatMap(S3Access::parseDate);
    if (theirs.isEmpty()) {
      return false;
    }
    Duration skew = Duration.between(clock.instant(), theirs.get());
    clock = Clock.offset(clock, skew);
    return skew.abs().compareTo(SKEW_MIN) > 0;
  }

  @Override
  public Refusal.Meaning meaning(Refusal refusal) {
    Optional<String> region = S3Refusals.regionInstead(refusal);
    region.flatMap(address::in).ifPresent(there -> elsewhere = there);
    return S3Refusals.meaning(refusal, credentials.given(), region);
  }

  private static Optional<Instant> parseDate(String text) {
    try {
      return Optional.of(
          ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }

  @Override
  public void close() throws IOException {
    credentials.close();
  }
}
