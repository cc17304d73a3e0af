package io.gantry.s3;

import io.gantry.http.SmallRequests;
import io.gantry.runtime.Env;
import io.gantry.source.SourceException;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.StsClientBuilder;
import software.amazon.awssdk.services.sts.auth.StsWebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Credentials that somebody hands out for an hour and the SDK renews in time (AWS SDKs and Tools
 * reference guide, "Standardized credential providers"): for the token that Kubernetes mounts
 * (IRSA), from the agent beside a container (ECS, EKS Pod Identity), or as a profile says.
 *
 * <p>They are used when the environment has their variables. The metadata service of a virtual
 * machine is not asked: outside of Amazon nobody answers there, and public images want no
 * credentials.
 */
final class RenewedCredentials implements Closeable {

  private static final String TOKEN_FILE = "AWS_WEB_IDENTITY_TOKEN_FILE";
  private static final String REGION_DEFAULT = "us-east-1";
  private static final String ROLE = "AWS_ROLE_ARN";
  private static final List<String> CONTAINER =
      List.of("AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  private static final List<String> PROFILE =
      List.of("AWS_PROFILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE");

  private final AwsCredentialsProvider provider;
  private final Closeable connections;

  private RenewedCredentials(AwsCredentialsProvider provider, Closeable connections) {
    this.provider = provider;
    this.connections = connections;
  }

  static boolean isNamedIn(Env env) {
    return isWebIdentity(env) || hasAny(env, CONTAINER) || hasAny(env, PROFILE);
  }

  static RenewedCredentials of(S3Options options) throws IOException {
    Env env = options.env();
    if (isWebIdentity(env)) {
      return webIdentity(options);
    }
    AwsCredentialsProvider provider =
        hasAny(env, CONTAINER)
            ? ContainerCredentialsProvider.builder().build()
            : ProfileCredentialsProvider.create();
    return new RenewedCredentials(provider, () -> {});
  }

  /** The token is exchanged over our own connections, with their proxies and authorities. */
  private static RenewedCredentials webIdentity(S3Options options) throws IOException {
    Env env = options.env();
    SmallRequests requests = new SmallRequests(options.http());
    StsClientBuilder sts =
        StsClient.builder()
            .httpClient(new SmallRequestsClient(requests))
            .region(Region.of(env.get("AWS_REGION").orElse(REGION_DEFAULT)))
            .credentialsProvider(AnonymousCredentialsProvider.create());
    env.get("AWS_ENDPOINT_URL_STS").map(URI::create).ifPresent(sts::endpointOverride);
    AwsCredentialsProvider provider =
        StsWebIdentityTokenFileCredentialsProvider.builder()
            .stsClient(sts.build())
            .roleArn(env.get(ROLE).orElseThrow())
            .roleSessionName(env.get("AWS_ROLE_SESSION_NAME").orElse("gantry"))
            .webIdentityTokenFile(Path.of(env.get(TOKEN_FILE).orElseThrow()))
            .build();
    return new RenewedCredentials(provider, requests);
  }

  /**
   * Returns what is valid at this moment.
   *
   * @throws SourceException when whoever hands them out does not
   */
  AwsCredentialsIdentity now() throws IOException {
    try {
      return provider.resolveCredentials();
    } catch (SdkException e) {
      String reason = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
      throw new SourceException("no AWS credentials to be had: " + reason, e.retryable(), e);
    }
  }

  /** Breaks off a request for new ones. */
  @Override
  public void close() throws IOException {
    connections.close();
    if (provider instanceof SdkAutoCloseable closeable) {
      closeable.close();
    }
  }

  private static boolean isWebIdentity(Env env) {
    return env.get(TOKEN_FILE).isPresent() && env.get(ROLE).isPresent();
  }

  private static boolean hasAny(Env env, List<String> names) {
    return names.stream().anyMatch(name -> env.get(name).isPresent());
  }
}
