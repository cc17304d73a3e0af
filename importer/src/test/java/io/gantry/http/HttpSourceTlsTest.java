package io.gantry.http;

import io.gantry.source.Source;
import io.gantry.testkit.CertificateAuthority;
import io.gantry.testkit.Nginx;
import io.gantry.testkit.SourceContract;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract of a source, over TLS with an authority of one's own, and Basic auth. */
final class HttpSourceTlsTest extends SourceContract {

  @TempDir Path folder;
  private Nginx nginx;

  @Override
  protected Source sourceOf(byte[] content) throws Exception {
    Path root = Files.createDirectories(folder.resolve("root"));
    Files.write(root.resolve("image"), content);
    CertificateAuthority authority = CertificateAuthority.in(folder.resolve("ca"));
    Path users = Files.writeString(folder.resolve("users"), "alice:{PLAIN}s3cret\n");
    nginx =
        Nginx.serveTls(
            root,
            authority.issue("server", "IP:127.0.0.1"),
            "auth_basic images;",
            "auth_basic_user_file " + users + ";");
    return HttpSource.connect(
        URI.create(nginx.url("image")),
        TestOptions.user("alice", "s3cret").trusting(authority.certificate()).build());
  }

  @AfterEach
  void stop() {
    if (nginx != null) {
      nginx.close();
    }
  }
}
