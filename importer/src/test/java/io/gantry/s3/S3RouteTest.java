package io.gantry.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.source.SourceException;
import io.gantry.testkit.CannedServer;
import io.gantry.testkit.CertificateAuthority;
import io.gantry.testkit.Nginx;
import io.gantry.testkit.TunnelProxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS and proxies on the way to a store. */
@Timeout(60)
final class S3RouteTest {

  @TempDir Path folder;

  @Test
  void trustsAnAuthorityItWasGivenOrAnybodyWhenToldTo() throws Exception {
    CertificateAuthority authority = CertificateAuthority.in(folder.resolve("ca"));
    try (Store store = Store.start().put("image", new byte[3]);
        Nginx tls = inFrontOf(store, authority.issue("store", "IP:127.0.0.1"))) {
      String url = tls.url("images/image");
      Store.reading(url).trusting(authority.certificate()).connect().close();
      Store.reading(url).insecure().connect().close();
      assertThatThrownBy(() -> Store.reading(url).connect())
          .isInstanceOfSatisfying(SourceException.class, e -> assertThat(e.retryable()).isFalse())
          .hasMessageStartingWith("could not get s3 object: \"images/image\": the server's")
          .hasMessageContaining("CA file");
    }
  }

  @Test
  void goesThroughTheProxyOfTheEnvironment() throws Exception {
    byte[] answer =
        CannedServer.answer(
            "HTTP/1.1 206 Partial\nETag: \"1\"\nContent-Range: bytes 0-2/3\nContent-Length: 3",
            new byte[3]);
    try (CannedServer proxy = CannedServer.saying((_, _) -> answer)) {
      Store.reading("http://my_store.example:9000/bucket/key")
          .in(Map.of("http_proxy", "http://127.0.0.1:" + proxy.port()))
          .connect()
          .close();
      assertThat(proxy.requests().getFirst())
          .startsWith("GET http://my_store.example:9000/bucket/key HTTP/1.1\r\n")
          .contains("\r\nHost: my_store.example:9000\r\n")
          .contains("SignedHeaders=host;");
    }
  }

  @Test
  void tunnelsTlsThroughAProxy() throws Exception {
    CertificateAuthority authority = CertificateAuthority.in(folder.resolve("ca"));
    try (Store store = Store.start().put("image", new byte[3]);
        Nginx tls = inFrontOf(store, authority.issue("store", "DNS:store.example"));
        TunnelProxy proxy = TunnelProxy.to(tls.port())) {
      Store.reading("https://store.example/images/image")
          .trusting(authority.certificate())
          .in(Map.of("https_proxy", "http://127.0.0.1:" + proxy.port()))
          .connect()
          .close();
      assertThat(proxy.requests()).allMatch(head -> head.startsWith("CONNECT store.example:443 "));
    }
  }

  private Nginx inFrontOf(Store store, CertificateAuthority.Issued issued) throws Exception {
    return Nginx.serveTls(
        Files.createDirectories(folder.resolve("root")),
        issued,
        "location / { proxy_pass http://127.0.0.1:%d; proxy_set_header Host $http_host; }"
            .formatted(store.port()));
  }
}
