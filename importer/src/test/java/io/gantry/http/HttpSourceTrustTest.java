package io.gantry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.source.Source;
import io.gantry.source.SourceException;
import io.gantry.testkit.CannedServer;
import io.gantry.testkit.CertificateAuthority;
import io.gantry.testkit.Nginx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whose certificates are accepted. */
@Timeout(60)
final class HttpSourceTrustTest {

  @TempDir static Path folder;
  private static CertificateAuthority authority;
  private static CertificateAuthority stranger;
  private static Nginx nginx;
  private static Nginx misnamed;

  @BeforeAll
  static void start() throws IOException {
    Path root = Files.createDirectories(folder.resolve("root"));
    Files.write(root.resolve("image"), new byte[] {1, 2, 3});
    authority = CertificateAuthority.in(folder.resolve("ca"));
    stranger = CertificateAuthority.in(folder.resolve("other-ca"));
    nginx = Nginx.serveTls(root, authority.issue("server", "IP:127.0.0.1"));
    misnamed = Nginx.serveTls(root, authority.issue("other", "DNS:mirror.example"));
  }

  @AfterAll
  static void stop() {
    nginx.close();
    misnamed.close();
  }

  @Test
  void trustsAnAuthorityItWasGiven() throws Exception {
    try (Source source = connect(nginx, new TestOptions().trusting(authority.certificate()))) {
      assertThat(source.length()).hasValue(3);
    }
  }

  @Test
  void trustsSeveralAuthoritiesInOneFileWithTextAndKeysBetween() throws Exception {
    Path bundle = folder.resolve("bundle.pem");
    Files.writeString(
        bundle,
        "Two authorities\n"
            + Files.readString(stranger.certificate())
            + Files.readString(folder.resolve("ca/ca.key"))
            + Files.readString(authority.certificate()));
    connect(nginx, new TestOptions().trusting(bundle)).close();
  }

  @Test
  void refusesAnAuthorityNobodyNamed() {
    assertThatThrownBy(() -> connect(nginx, new TestOptions()))
        .isInstanceOfSatisfying(SourceException.class, e -> assertThat(e.retryable()).isFalse())
        .hasMessageContaining(nginx.url("image") + ": the server's certificate is not trusted")
        .hasMessageContaining("CA file")
        .hasMessageNotContaining("\n");
    assertThatThrownBy(() -> connect(nginx, new TestOptions().trusting(stranger.certificate())))
        .isInstanceOf(SourceException.class);
  }

  @Test
  void refusesACertificateForAnotherName() {
    assertThatThrownBy(() -> connect(misnamed, new TestOptions().trusting(authority.certificate())))
        .isInstanceOfSatisfying(SourceException.class, e -> assertThat(e.retryable()).isFalse())
        .hasMessageContaining("127.0.0.1");
  }

  @Test
  void acceptsAnyCertificateWhenToldTo() throws Exception {
    connect(nginx, new TestOptions().insecure()).close();
    connect(misnamed, new TestOptions().insecure()).close();
  }

  @Test
  void saysThatAServerSpeaksNoTls() throws Exception {
    try (Nginx http = Nginx.serve(folder.resolve("root"))) {
      assertThatThrownBy(
              () ->
                  HttpSource.connect(
                      URI.create(http.url("image").replace("http:", "https:")),
                      TestOptions.DEFAULTS))
          .isInstanceOf(SourceException.class)
          .hasMessageContaining("does not answer in TLS");
    }
  }

  @Test
  void saysWhatIsWrongWithACaFile() throws Exception {
    Path empty = Files.writeString(folder.resolve("empty.pem"), "nothing here\n");
    assertThatThrownBy(() -> connect(nginx, new TestOptions().trusting(empty)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("empty.pem holds no certificate");
    assertThatThrownBy(() -> connect(nginx, new TestOptions().trusting(Path.of("/no/such.pem"))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/no/such.pem does not exist");
  }

  @Test
  void waitsNotLongForAHandshake() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      TestOptions options = TestOptions.attempts(2).stallTimeout(Duration.ofMillis(300));
      URI url = URI.create("https://127.0.0.1:%d/image".formatted(silent.getLocalPort()));
      assertThatThrownBy(() -> HttpSource.connect(url, options.build()))
          .isInstanceOfSatisfying(SourceException.class, e -> assertThat(e.retryable()).isTrue())
          .hasMessageContaining("TLS handshake timeout");
    }
  }

  @Test
  void sendsNoCredentialsFromTlsToPlainHttp() throws Exception {
    byte[] image = CannedServer.answer("HTTP/1.1 200 OK\nContent-Length: 0", new byte[0]);
    try (CannedServer plain = CannedServer.saying((_, _) -> image);
        Nginx redirecting =
            Nginx.serveTls(
                folder.resolve("root"),
                authority.issue("redirecting", "IP:127.0.0.1"),
                "return 302 " + plain.url("/image") + ";")) {
      TestOptions alice = TestOptions.user("alice", "secret").trusting(authority.certificate());
      connect(redirecting, alice).close();
      assertThat(plain.requests()).hasSize(1).noneMatch(head -> head.contains("Authorization"));
    }
  }

  private static Source connect(Nginx server, TestOptions options) throws IOException {
    return HttpSource.connect(URI.create(server.url("image")), options.build());
  }
}
