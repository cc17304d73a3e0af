package io.gantry.s3;

import io.gantry.runtime.Env;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/**
 * Who signs: static keys where they are given, or in the environment; else whom the environment
 * names in another way; else nobody.
 */
final class S3Credentials implements Closeable {

  private final Optional<AwsCredentialsIdentity> fixed;
  private final @Nullable RenewedCredentials renewed;

  private S3Credentials(
      Optional<AwsCredentialsIdentity> fixed, @Nullable RenewedCredentials renewed) {
    this.fixed = fixed;
    this.renewed = renewed;
  }

  /** Finds out who that is; asks nobody for anything yet. */
  static S3Credentials of(S3Options options) throws IOException {
    if (options.anonymous()) {
      return new S3Credentials(Optional.empty(), null);
    }
    if (options.keyId().isPresent() && options.secret().isPresent()) {
      return fixed(options.keyId().get(), options.secret().get(), options.sessionToken());
    }
    Env env = options.env();
    Optional<String> keyId = env.get("AWS_ACCESS_KEY_ID");
    Optional<String> secret = env.get("AWS_SECRET_ACCESS_KEY");
    if (keyId.isPresent() && secret.isPresent()) {
      return fixed(keyId.get(), secret.get(), env.get("AWS_SESSION_TOKEN"));
    }
    // A class of its own: what it loads is half of the SDK.
    return RenewedCredentials.isNamedIn(env)
        ? new S3Credentials(Optional.empty(), RenewedCredentials.of(options))
        : new S3Credentials(Optional.empty(), null);
  }

  private static S3Credentials fixed(String keyId, String secret, Optional<String> token) {
    AwsCredentialsIdentity identity =
        token.isPresent()
            ? AwsSessionCredentialsIdentity.create(keyId, secret, token.get())
            : AwsCredentialsIdentity.create(keyId, secret);
    return new S3Credentials(Optional.of(identity), null);
  }

  /** Says whether requests are signed at all. */
  boolean given() {
    return fixed.isPresent() || renewed != null;
  }

  /**
   * Returns the credentials to sign with at this moment, nothing for an anonymous request.
   *
   * @throws io.gantry.source.SourceException when whoever hands them out does not
   */
  Optional<AwsCredentialsIdentity> now() throws IOException {
    return renewed == null ? fixed : Optional.of(renewed.now());
  }

  @Override
  public void close() throws IOException {
    if (renewed != null) {
      renewed.close();
    }
  }
}
