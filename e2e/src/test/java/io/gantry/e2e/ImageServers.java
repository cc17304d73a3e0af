package io.gantry.e2e;

import io.gantry.gcs.FakeStorage;
import io.gantry.s3.Store;
import io.gantry.testkit.CertificateAuthority;
import io.gantry.testkit.ContainerImage;
import io.gantry.testkit.DockerRegistry;
import io.gantry.testkit.Nginx;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The files of one folder, served by everything that the importer reads from. */
final class ImageServers implements Closeable {

  private static final String USER = "guest";
  private static final String PASSWORD = "se cret";

  private final Path files;
  private final Path work;
  private final CertificateAuthority authority;
  private final Nginx http;
  private final Nginx https;
  private final Nginx guarded;
  private final Store s3;
  private final FakeStorage open;
  private final FakeStorage closed;
  private final DockerRegistry registry;

  /**
   * Starts all of them.
   *
   * @param files the folder that is served
   * @param work a folder for what they need themselves
   */
  ImageServers(Path files, Path work) throws Exception {
    this.files = files;
    this.work = work;
    Path users = Files.writeString(work.resolve("users"), USER + ":{PLAIN}" + PASSWORD + "\n");
    authority = CertificateAuthority.in(work.resolve("authority"));
    http = Nginx.serve(files);
    https = Nginx.serveTls(files, authority.issue("server", "IP:127.0.0.1"));
    guarded = Nginx.serve(files, "auth_basic images;", "auth_basic_user_file " + users + ";");
    s3 = Store.start();
    open = FakeStorage.start().makePublic();
    closed = FakeStorage.start();
    registry = DockerRegistry.serve(Files.createDirectory(work.resolve("registry")));
  }

  /** Tells {@code pod} to import {@code file} from {@code source}, as the controller would. */
  Pod tell(Pod pod, ImageSource source, String file) throws IOException {
    return switch (source) {
      case HTTP -> pod.endpoint(http.url(file));
      case HTTPS -> tellHttps(pod, file);
      case HTTP_BASIC -> withKeys(pod.endpoint(guarded.url(file)), USER, PASSWORD);
      case S3 -> {
        s3.put(file, bytes(file));
        yield withKeys(
            pod.env("IMPORTER_SOURCE", "s3").endpoint(s3.url(file)), Store.KEY_ID, Store.SECRET);
      }
      case GCS_ANONYMOUS -> tellGcs(pod, open, file);
      case GCS_ACCOUNT -> {
        closed.credentials(Files.createDirectories(pod.root().resolve("google")));
        yield tellGcs(pod, closed, file)
            .env("GOOGLE_APPLICATION_CREDENTIALS", "/google/credentials.json");
      }
      case REGISTRY -> {
        image(file).push(registry, "disks/" + file.replace('.', '-'), "1");
        yield pod.env("IMPORTER_SOURCE", "registry")
            .env("INSECURE_TLS", "true")
            .endpoint("docker://%s/disks/%s:1".formatted(registry.host(), file.replace('.', '-')));
      }
      case OCI_ARCHIVE ->
          pod.env("IMPORTER_SOURCE", "registry")
              .endpoint("oci-archive:" + image(file).writeArchive(work.resolve(file + ".tar")));
    };
  }

  private Pod tellHttps(Pod pod, String file) throws IOException {
    Path certificates = Files.createDirectories(pod.root().resolve("certs"));
    Files.write(certificates.resolve("ca-bundle.crt"), Files.readAllBytes(authority.certificate()));
    return pod.endpoint(https.url(file)).env("IMPORTER_CERT_DIR", "/certs");
  }

  private Pod tellGcs(Pod pod, FakeStorage storage, String file) throws IOException {
    storage.put("images/" + file, bytes(file));
    return pod.env("IMPORTER_SOURCE", "gcs").endpoint(storage.url("images/" + file));
  }

  private static Pod withKeys(Pod pod, String id, String secret) {
    return pod.env("IMPORTER_ACCESS_KEY_ID", id).env("IMPORTER_SECRET_KEY", secret);
  }

  private byte[] bytes(String file) throws IOException {
    return Files.readAllBytes(files.resolve(file));
  }

  private ContainerImage image(String file) throws IOException {
    byte[] layer = ContainerImage.gzip(ContainerImage.tar(Map.of("disk/" + file, bytes(file))));
    return ContainerImage.builder().layer(layer).build();
  }

  @Override
  public void close() throws IOException {
    http.close();
    https.close();
    guarded.close();
    s3.close();
    open.close();
    closed.close();
    registry.close();
  }
}
