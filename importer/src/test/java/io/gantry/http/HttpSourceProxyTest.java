package io.gantry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.source.Source;
import io.gantry.source.SourceException;
import io.gantry.testkit.CannedServer;
import io.gantry.testkit.CertificateAuthority;
import io.gantry.testkit.Nginx;
import io.gantry.testkit.SourceContract;
import io.gantry.testkit.TunnelProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Proxies, as the environment names them. The mirror's name exists only behind them. */
@Timeout(60)
final class HttpSourceProxyTest {

  private static final byte[] IMAGE =
      CannedServer.answer("HTTP/1.1 200 OK\nContent-Length: 3", new byte[] {1, 2, 3});

  @TempDir Path folder;

  @Test
  void asksAProxyForAWholeUrl() throws Exception {
    try (CannedServer proxy = CannedServer.saying((_, _) -> IMAGE)) {
      connect("http://mirror.example:8080/image?x=1", proxyVariable("http_proxy", proxy.port()));
      assertThat(proxy.requests().getFirst())
          .startsWith("GET http://mirror.example:8080/image?x=1 HTTP/1.1\r\n")
          .contains("\r\nHost: mirror.example:8080\r\n")
          .contains("\r\nProxy-Authorization: Basic dTpw\r\n");
    }
  }

  /** Rules of proxies are written for URLs as people write them. */
  @Test
  void leavesTheUsualPortOutOfTheUrl() throws Exception {
    try (CannedServer proxy = CannedServer.saying((_, _) -> IMAGE)) {
      connect("http://mirror.example/image", proxyVariable("http_proxy", proxy.port()));
      connect("http://[2001:db8::1]/image", proxyVariable("http_proxy", proxy.port()));
      assertThat(proxy.requests().getFirst()).startsWith("GET http://mirror.example/image HTTP");
      assertThat(proxy.requests().getLast()).startsWith("GET http://[2001:db8::1]/image HTTP");
    }
  }

  @Test
  void tunnelsTlsThroughAProxyThatNeverSeesTheRequest() throws Exception {
    byte[] content = SourceContract.bytes(2_000_000);
    Path root = Files.createDirectories(folder.resolve("root"));
    Files.write(root.resolve("image"), content);
    CertificateAuthority authority = CertificateAuthority.in(folder.resolve("ca"));
    try (Nginx nginx = Nginx.serveTls(root, authority.issue("m", "DNS:mirror.example"));
        TunnelProxy proxy = TunnelProxy.to(nginx.port())) {
      HttpSourceOptions options =
          TestOptions.environment(Map.of("https_proxy", "http://u:p@127.0.0.1:" + proxy.port()))
              .trusting(authority.certificate())
              .build();
      try (Source source = HttpSource.connect(URI.create("https://mirror.example/image"), options);
          ReadableByteChannel channel = source.open()) {
        assertThat(SourceContract.readAll(channel, ByteBuffer.allocate(1 << 16)))
            .isEqualTo(content);
      }
      assertThat(proxy.requests())
          .isNotEmpty()
          .allMatch(head -> head.startsWith("CONNECT mirror.example:443 HTTP/1.1\r\n"))
          .allMatch(head -> head.contains("Proxy-Authorization: Basic dTpw"))
          .noneMatch(head -> head.contains("image"));
    }
  }

  @Test
  void goesStraightToHostsThatNoProxyNames() throws Exception {
    try (CannedServer server = CannedServer.saying((_, _) -> IMAGE)) {
      Map<String, String> variables = Map.of("http_proxy", "http://proxy.invalid:3128");
      connect(server.url("/image"), variables);
      assertThat(server.requests().getFirst()).startsWith("GET /image HTTP/1.1\r\n");
    }
  }

  @Test
  void saysThatTheProxyWantsCredentials() throws Exception {
    byte[] refusal =
        CannedServer.answer("HTTP/1.1 407 Authenticate\nContent-Length: 0", new byte[0]);
    try (CannedServer proxy = CannedServer.saying((_, _) -> refusal)) {
      for (String scheme : new String[] {"http", "https"}) {
        assertThatThrownBy(
                () ->
                    connect(
                        scheme + "://mirror.example/image",
                        proxyVariable(scheme + "_proxy", proxy.port())))
            .isInstanceOfSatisfying(SourceException.class, e -> assertThat(e.retryable()).isFalse())
            .hasMessageContaining("wants a user and password");
      }
    }
  }

  @Test
  void saysThatTheProxyRefusesTheTunnel() throws Exception {
    byte[] refusal = CannedServer.answer("HTTP/1.1 403 Forbidden\nContent-Length: 0", new byte[0]);
    try (CannedServer proxy = CannedServer.saying((_, _) -> refusal)) {
      assertThatThrownBy(
              () ->
                  connect(
                      "https://mirror.example/image", proxyVariable("HTTPS_PROXY", proxy.port())))
          .isInstanceOf(SourceException.class)
          .hasMessageContaining("refuses to connect to https://mirror.example: status 403");
    }
  }

  @Test
  void namesTheProxyThatCannotBeReached() {
    assertThatThrownBy(
            () ->
                connect(
                    "http://mirror.example/image", Map.of("http_proxy", "u:secret@no.invalid:1")))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("proxy http://no.invalid:1")
        .hasMessageNotContaining("secret");
  }

  private static Map<String, String> proxyVariable(String name, int port) {
    return Map.of(name, "http://u:p@127.0.0.1:" + port);
  }

  private static void connect(String url, Map<String, String> variables) throws IOException {
    HttpSource.connect(URI.create(url), TestOptions.environment(variables).build()).close();
  }
}
