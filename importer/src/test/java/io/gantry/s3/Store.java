package io.gantry.s3;

import io.gantry.runtime.Env;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.services.s3.model.BucketCannedACL;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/** An S3 server in memory that checks signatures, and options to read from it. */
public final class Store implements Closeable {

  public static final String BUCKET = "images";
  public static final String KEY_ID = "AKIDGANTRY";
  public static final String SECRET = "secret/with+signs=";

  private final BlobStore blobs = new TransientNio2BlobStore();
  private final S3Proxy server;

  private Store(Optional<String> virtualHost) throws Exception {
    S3Proxy.Builder builder =
        S3Proxy.builder()
            .blobStore(blobs)
            .endpoint(URI.create("http://127.0.0.1:0"))
            .stopTimeout(0)
            .awsAuthentication(AuthenticationType.AWS_V4, KEY_ID, SECRET);
    virtualHost.ifPresent(builder::virtualHost);
    server = builder.build();
    server.start();
    blobs.createContainer(BUCKET);
  }

  public static Store start() throws Exception {
    return new Store(Optional.empty());
  }

  /** Takes buckets out of host names below {@code domain}. */
  static Store startWithVirtualHosts(String domain) throws Exception {
    return new Store(Optional.of(domain));
  }

  public Store put(String key, byte[] content) {
    PutObjectRequest request =
        PutObjectRequest.builder()
            .bucket(BUCKET)
            .key(key)
            .contentLength((long) content.length)
            .build();
    blobs.putBlob(request, new ByteArrayInputStream(content));
    return this;
  }

  Store makePublic() {
    blobs.setContainerAccess(BUCKET, BucketCannedACL.PUBLIC_READ);
    return this;
  }

  public int port() {
    return server.getPort();
  }

  /** Returns the form that CDI's control plane hands over. */
  public String url(String key) {
    return "http://127.0.0.1:%d/%s/%s".formatted(port(), BUCKET, key);
  }

  /** Says how an object of it is read, with less patience than users have. */
  static Reading reading(String url) {
    return new Reading(S3Address.ofEndpoint(url));
  }

  @Override
  public void close() throws IOException {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  /** Options for a test, one odd thing at a time. */
  static final class Reading {
    private final S3Address address;
    private Optional<String> keyId = Optional.of(KEY_ID);
    private Optional<String> secret = Optional.of(SECRET);
    private Optional<String> token = Optional.empty();
    private final List<Path> caFiles = new ArrayList<>();
    private boolean insecure;
    private int attemptsMax = 3;
    private Duration stallTimeout = Duration.ofSeconds(10);
    private Env env = Env.of(Map.of());

    Reading(S3Address address) {
      this.address = address;
    }

    Reading as(String otherKeyId, String otherSecret) {
      keyId = Optional.of(otherKeyId);
      secret = Optional.of(otherSecret);
      return this;
    }

    Reading withoutKeys() {
      keyId = Optional.empty();
      secret = Optional.empty();
      return this;
    }

    Reading sessionToken(String value) {
      token = Optional.of(value);
      return this;
    }

    Reading trusting(Path caFile) {
      caFiles.add(caFile);
      return this;
    }

    Reading insecure() {
      insecure = true;
      return this;
    }

    Reading attempts(int max) {
      attemptsMax = max;
      return this;
    }

    Reading stallTimeout(Duration timeout) {
      stallTimeout = timeout;
      return this;
    }

    Reading in(Map<String, String> environment) {
      env = Env.of(environment);
      return this;
    }

    S3Options options() {
      return new S3Options(
          address,
          keyId,
          secret,
          token,
          false,
          caFiles,
          insecure,
          attemptsMax,
          stallTimeout,
          env,
          "gantry/test");
    }

    S3Source connect() throws IOException {
      return S3Source.connect(options());
    }
  }
}
