package io.gantry.registry;

import io.gantry.http.Document;
import io.gantry.http.HttpSourceOptions;
import io.gantry.image.MalformedImageException;
import io.gantry.source.SourceException;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An image in a registry (OCI distribution-spec, "Pulling manifests", "Pulling blobs").
 *
 * <p>Whoever of the mirrors and the registry has the image first serves all of it.
 */
final class RegistryStore implements ImageStore {

  private final RegistryConnection registry;
  private final Digest rootDigest;
  private final Manifest root;
  private final HttpSourceOptions http;

  private RegistryStore(RegistryConnection registry, Document root, HttpSourceOptions http)
      throws IOException {
    this.registry = registry;
    this.rootDigest = Digest.sha256(root.body());
    this.root = Manifest.parse(root.body(), root.mediaType().orElse(""));
    this.http = http;
  }

  /** Finds a server that has the image, and logs in there. */
  static RegistryStore connect(DockerName name, RegistryOptions options) throws IOException {
    StringBuilder failures = new StringBuilder();
    List<Endpoint> endpoints = Endpoint.of(name, options.mirrors());
    for (Endpoint mirror : endpoints.subList(0, endpoints.size() - 1)) {
      try {
        return connect(mirror, name, options);
      } catch (SourceException | MalformedImageException e) {
        failures.append("; mirror ").append(mirror.host()).append(": ").append(e.getMessage());
      }
    }
    try {
      return connect(endpoints.getLast(), name, options);
    } catch (SourceException e) {
      throw failures.isEmpty()
          ? e
          : new SourceException(String.valueOf(e.getMessage()) + failures, e.retryable(), e);
    }
  }

  private static RegistryStore connect(Endpoint endpoint, DockerName name, RegistryOptions options)
      throws IOException {
    RegistryConnection registry =
        RegistryConnection.open(endpoint, credentials(endpoint, options.http()), options.http());
    try {
      return new RegistryStore(registry, root(registry, name), options.http());
    } catch (IOException | RuntimeException e) {
      registry.close();
      throw e;
    }
  }

  /** A login that the user gave is for the registry; mirrors have theirs in the files, if any. */
  private static Optional<Credentials> credentials(Endpoint endpoint, HttpSourceOptions http)
      throws IOException {
    String user = http.user().orElse("");
    String password = http.password().orElse("");
    return user.isEmpty() || password.isEmpty() || endpoint.mirror()
        ? AuthFiles.of(http.env()).login(endpoint.host(), endpoint.repository())
        : Optional.of(new Credentials.Password(user, password));
  }

  private static Document root(RegistryConnection registry, DockerName name) throws IOException {
    Document answer = manifest(registry, name.reference());
    if (name.digest().isPresent()) {
      verify(Digest.parse(name.digest().get()), answer.body());
    }
    return answer;
  }

  private static Document manifest(RegistryConnection registry, String reference)
      throws IOException {
    Document answer =
        registry
            .web()
            .get(
                "/v2/%s/manifests/%s".formatted(registry.endpoint().repository(), reference),
                MediaTypes.ACCEPTED,
                Manifest.BYTES_MAX);
    if (answer.status() != 200) {
      throw RegistryError.of(registry, reference, answer);
    }
    return answer;
  }

  private static void verify(Digest expected, byte[] document) throws SourceException {
    Digest actual = expected.of(document);
    if (!actual.equals(expected)) {
      throw new SourceException(
          "the registry has other bytes for manifest %s: they make %s".formatted(expected, actual),
          true);
    }
  }

  @Override
  public List<String> details() {
    List<String> lines = new ArrayList<>();
    lines.add("registry " + registry.web().home());
    lines.addAll(registry.web().describePeer());
    lines.add("manifest " + rootDigest);
    return lines;
  }

  @Override
  public Manifest root() {
    return root;
  }

  /** Returns the digest of the root's bytes as they came, whatever the registry says it is. */
  Digest rootDigest() {
    return rootDigest;
  }

  @Override
  public Manifest manifest(Descriptor descriptor) throws IOException {
    WholeBlob.checkSize(descriptor, Manifest.BYTES_MAX, "the manifest");
    Document answer = manifest(registry, descriptor.digest().toString());
    verify(descriptor.digest(), answer.body());
    return Manifest.parse(answer.body(), descriptor.mediaType());
  }

  @Override
  public ReadableByteChannel blob(Descriptor descriptor) throws IOException {
    Digest digest = descriptor.digest();
    ReadableByteChannel blob =
        registry
            .web()
            .open(
                "/v2/%s/blobs/%s".formatted(registry.endpoint().repository(), digest),
                "blob " + digest,
                descriptor.size());
    return descriptor.urls().isEmpty() ? blob : new ForeignBlob(descriptor, http, blob);
  }

  @Override
  public void close() throws IOException {
    registry.close();
  }
}
