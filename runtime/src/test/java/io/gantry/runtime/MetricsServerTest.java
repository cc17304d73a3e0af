package io.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MetricsServerTest {

  @ParameterizedTest
  @ValueSource(strings = {"/metrics", "/", "/any/other?query"})
  void servesThePageOnEveryPathOverTls(String path) throws Exception {
    try (MetricsServer server = MetricsServer.start(0, () -> "a_metric 1\n")) {
      HttpsURLConnection connection = connect(server.port(), path);

      assertThat(connection.getResponseCode()).isEqualTo(200);
      assertThat(connection.getContentType()).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
      try (InputStream body = connection.getInputStream()) {
        assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8))
            .isEqualTo("a_metric 1\n");
      }
    }
  }

  @Test
  void answersWithHeadersAloneWhenThoseAreAskedFor() throws Exception {
    try (MetricsServer server = MetricsServer.start(0, () -> "a_metric 1\n")) {
      HttpsURLConnection connection = connect(server.port(), "/metrics");
      connection.setRequestMethod("HEAD");

      assertThat(connection.getResponseCode()).isEqualTo(200);
      assertThat(connection.getContentLength()).isEqualTo(11);
      connection.disconnect();
    }
  }

  @Test
  void hangsUpOnSilentClientsWhenThereAreTooMany() throws Exception {
    try (MetricsServer server = MetricsServer.start(0, () -> "a_metric 1\n");
        Socket first = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      List<Socket> others = new ArrayList<>();
      for (int i = 0; i < LateTlsSockets.CLIENTS_MAX; i++) {
        others.add(new Socket(InetAddress.getLoopbackAddress(), server.port()));
      }
      HttpsURLConnection connection = connect(server.port(), "/metrics");

      assertThat(connection.getResponseCode()).isEqualTo(200);
      first.setSoTimeout(10_000);
      assertThat(first.getInputStream().read()).isEqualTo(-1);
      for (Socket other : others) {
        other.close();
      }
    }
  }

  @Test
  void hasACertificateOfItsOwnMaking() throws Exception {
    try (MetricsServer server = MetricsServer.start(0, () -> "")) {
      HttpsURLConnection connection = connect(server.port(), "/metrics");
      connection.connect();

      X509Certificate certificate = (X509Certificate) connection.getServerCertificates()[0];
      certificate.checkValidity();
      certificate.verify(certificate.getPublicKey());
      assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=cloner_target");
      assertThat(certificate.getSubjectAlternativeNames().iterator().next().get(1))
          .isEqualTo("cloner_target");
      assertThat(certificate.getPublicKey().getAlgorithm()).isEqualTo("EC");
      connection.disconnect();
    }
  }

  private static HttpsURLConnection connect(int port, String path) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustAnybody()}, null);
    URI uri = URI.create("https://127.0.0.1:%d%s".formatted(port, path));
    HttpsURLConnection connection = (HttpsURLConnection) uri.toURL().openConnection();
    connection.setSSLSocketFactory(context.getSocketFactory());
    connection.setHostnameVerifier((_, _) -> true);
    return connection;
  }
}
