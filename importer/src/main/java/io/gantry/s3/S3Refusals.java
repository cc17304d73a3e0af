package io.gantry.s3;

import io.gantry.http.Refusal;
import io.gantry.http.Refusal.Meaning;
import io.gantry.http.Refusal.Prospect;
import java.util.Optional;
import java.util.Set;

/**
 * What the error codes of S3 mean to somebody who wants to read one object (Amazon S3 API
 * reference, "Error responses").
 */
final class S3Refusals {

  static final String REQUEST_TIME_TOO_SKEWED = "RequestTimeTooSkewed";

  private S3Refusals() {}

  /**
   * Returns the region to ask in, when a refusal says that it is another one: a redirect that leads
   * nowhere, or a signature that names the wrong one. Some stores put theirs into every refusal.
   */
  static Optional<String> regionInstead(Refusal refusal) {
    return Set.of(301, 307, 400).contains(refusal.status())
        ? refusal.headers().apply("x-amz-bucket-region").or(() -> refusal.element("Region"))
        : Optional.empty();
  }

  /**
   * Says what to do.
   *
   * @param signed whether the request carried anybody's signature
   * @param region where the bucket is instead, if the store told
   */
  static Meaning meaning(Refusal refusal, boolean signed, Optional<String> region) {
    String code = refusal.element("Code").orElse("");
    return switch (code) {
      case "NoSuchKey" -> never(refusal, "check the object's name, upper and lower case count");
      case "NoSuchBucket" -> never(refusal, "check the bucket's name and the endpoint");
      case "AccessDenied", "AllAccessDisabled" -> denied(refusal, signed);
      case "SignatureDoesNotMatch" ->
          never(refusal, "the secret key is not the one of this access key id");
      case "InvalidAccessKeyId" -> never(refusal, "this store does not know the access key id");
      case "ExpiredToken", "InvalidToken", "TokenRefreshRequired" ->
          never(refusal, "get new temporary credentials");
      case REQUEST_TIME_TOO_SKEWED -> never(refusal, "set the clock of this machine");
      case "InvalidObjectState" -> never(refusal, "the object is archived, restore it first");
      case "SlowDown", "RequestTimeout", "InternalError", "ServiceUnavailable" ->
          soon(refusal, "the store is busy, try again later");
      default -> byStatus(refusal, signed, region);
    };
  }

  private static Meaning byStatus(Refusal refusal, boolean signed, Optional<String> region) {
    if (region.isPresent()) {
      return never(refusal, "the bucket is in region \"%s\", name it".formatted(region.get()));
    }
    return switch (refusal.status()) {
      case 412 ->
          new Meaning(
              Prospect.LATER,
              "changed while it was being read: its ETag is another one; start the transfer again");
      case 301, 307 -> never(refusal, "the bucket is elsewhere, give its region or its endpoint");
      case 401, 403 -> denied(refusal, signed);
      case 404 -> never(refusal, "check the bucket, the object's name and the endpoint");
      case 408, 429, 500, 502, 503, 504, 507, 509, 520 ->
          soon(refusal, "the store is busy, try again later");
      default -> never(refusal, "expected status 206 or 200, got " + refusal.status());
    };
  }

  private static Meaning denied(Refusal refusal, boolean signed) {
    return never(
        refusal,
        signed
            ? "these credentials may not read it (s3:GetObject), or it does not exist"
            : "no credentials were given, and it is not public or does not exist");
  }

  private static Meaning never(Refusal refusal, String advice) {
    return new Meaning(Prospect.NEVER, line(refusal, advice));
  }

  private static Meaning soon(Refusal refusal, String advice) {
    return new Meaning(Prospect.SOON, line(refusal, advice));
  }

  private static String line(Refusal refusal, String advice) {
    return refusal.told().replaceAll("\\.$", "") + "; " + advice;
  }
}
