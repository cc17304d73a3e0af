package io.gantry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.source.Source;
import io.gantry.source.SourceException;
import io.gantry.testkit.CannedServer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets to see credentials, and who does not. */
@Timeout(60)
final class HttpSourceCredentialsTest {

  private static final byte[] IMAGE =
      CannedServer.answer("HTTP/1.1 200 OK\nContent-Length: 3", new byte[] {1, 2, 3});

  private CannedServer elsewhere;
  private CannedServer home;

  @BeforeEach
  void start() throws IOException {
    elsewhere = CannedServer.saying((_, _) -> IMAGE);
    home =
        CannedServer.saying(
            (request, _) -> request.startsWith("GET /image ") ? IMAGE : redirect(request));
  }

  @AfterEach
  void stop() throws IOException {
    home.close();
    elsewhere.close();
  }

  private byte[] redirect(String request) {
    String location = request.startsWith("GET /away ") ? elsewhere.url("/image") : "image";
    return CannedServer.answer(
        "HTTP/1.1 307 Temporary Redirect\nContent-Length: 0\nLocation: " + location, new byte[0]);
  }

  @Test
  void sendsUserAndPasswordWithoutBeingAsked() throws Exception {
    connect("/image", TestOptions.user("alice", "pä:ss"));
    assertThat(home.requests().getFirst()).contains(basic("alice:pä:ss"));
  }

  @Test
  void sendsThemWhereverARedirectLeadsWhenToldTo() throws Exception {
    connect("/away", TestOptions.user("alice", "secret").everywhere());
    assertThat(elsewhere.requests().getFirst()).contains(basic("alice:secret"));
  }

  @Test
  void takesUserAndPasswordFromTheUrl() throws Exception {
    String url = home.url("/image").replace("://", "://al%40ice:p%20w+d@");
    try (Source source = HttpSource.connect(URI.create(url), TestOptions.DEFAULTS)) {
      assertThat(source.name()).isEqualTo(home.url("/image"));
    }
    assertThat(home.requests().getFirst()).contains(basic("al@ice:p w+d"));
  }

  @Test
  void prefersTheOptionsToTheUrl() throws Exception {
    String url = home.url("/image").replace("://", "://bob:x@");
    HttpSource.connect(URI.create(url), TestOptions.user("alice", "y").build()).close();
    assertThat(home.requests().getFirst()).contains(basic("alice:y"));
  }

  @Test
  void keepsCredentialsWithinTheirOrigin() throws Exception {
    connect("/here", TestOptions.user("alice", "secret"));
    assertThat(home.requests()).hasSize(2).allMatch(head -> head.contains("Authorization: Basic"));
  }

  @Test
  void doesNotSendUserAndPasswordWhereItIsRedirected() throws Exception {
    connect("/away", TestOptions.user("alice", "secret"));
    assertThat(elsewhere.requests()).hasSize(1).noneMatch(head -> head.contains("Authorization"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Authorization: Bearer t", "Cookie: a=b", "X-Anything: t"})
  void doesNotSendHeadersWhereItIsRedirected(String header) throws Exception {
    connect("/away", TestOptions.header(header));
    assertThat(home.requests().getFirst()).contains(header);
    assertThat(elsewhere.requests()).hasSize(1).noneMatch(head -> head.contains(header));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Accept-Language: de",
        "User-Agent: cdi-golang-importer",
        "Accept: application/octet-stream"
      })
  void sendsHarmlessHeadersEverywhereAndOnce(String header) throws Exception {
    connect("/away", TestOptions.header(header));
    assertThat(home.requests().getFirst()).containsOnlyOnce(header);
    assertThat(elsewhere.requests().getFirst())
        .containsOnlyOnce(header)
        .containsOnlyOnce("\r\n" + header.substring(0, header.indexOf(':') + 1));
  }

  @Test
  void sendsBasicInPlaceOfAnExtraAuthorization() throws Exception {
    HttpSourceOptions defaults = TestOptions.DEFAULTS;
    HttpSourceOptions both =
        new HttpSourceOptions(
            Optional.of("alice"),
            Optional.of("secret"),
            List.of(Map.entry("authorization", "Bearer t")),
            List.of(),
            false,
            defaults.redirectsMax(),
            defaults.attemptsMax(),
            defaults.stallTimeout(),
            defaults.env(),
            defaults.userAgent());
    HttpSource.connect(URI.create(home.url("/image")), both).close();
    assertThat(home.requests().getFirst()).contains(basic("alice:secret")).doesNotContain("Bearer");
  }

  @Test
  void saysThatCredentialsAreRefusedWithoutShowingThem() throws Exception {
    elsewhere.close();
    elsewhere =
        CannedServer.saying(
            (_, _) ->
                CannedServer.answer("HTTP/1.1 401 Unauthorized\nContent-Length: 0", new byte[0]));
    String url = elsewhere.url("/image?token=hidden").replace("://", "://alice:secret@");
    assertThatThrownBy(() -> HttpSource.connect(URI.create(url), TestOptions.DEFAULTS))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("the credentials are refused")
        .hasMessageNotContaining("secret")
        .hasMessageNotContaining("hidden");
  }

  @Test
  void saysThatCredentialsDoNotFollowARedirect() throws Exception {
    elsewhere.close();
    elsewhere =
        CannedServer.saying(
            (_, _) ->
                CannedServer.answer("HTTP/1.1 401 Unauthorized\nContent-Length: 0", new byte[0]));
    assertThatThrownBy(() -> connect("/away", TestOptions.user("alice", "secret")))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("credentials are sent to http://127.0.0.1:" + home.port() + " alone");
  }

  private void connect(String path, TestOptions options) throws IOException {
    HttpSource.connect(URI.create(home.url(path)), options.build()).close();
  }

  private static String basic(String pair) {
    byte[] bytes = pair.getBytes(StandardCharsets.UTF_8);
    return "Authorization: Basic " + Base64.getEncoder().encodeToString(bytes) + "\r\n";
  }
}
