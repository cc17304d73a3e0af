package io.gantry.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.runtime.Env;
import io.gantry.source.SourceException;
import io.gantry.testkit.CannedServer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may read, and what is said when somebody may not. */
@Timeout(60)
final class S3AccessTest {

  private static Store store;

  @BeforeAll
  static void start() throws Exception {
    store = Store.start().put("image", new byte[] {1, 2, 3});
  }

  @AfterAll
  static void stop() throws Exception {
    store.close();
  }

  @Test
  void readsWithStaticKeys() throws Exception {
    try (S3Source source = Store.reading(store.url("image")).connect()) {
      assertThat(source.length()).hasValue(3);
      assertThat(source.name()).isEqualTo("s3://images/image");
      assertThat(source.details()).contains(store.url("image") + ", region 127, signed");
      assertThat(source.identity().orElseThrow()).startsWith("s3://images/image, 3 bytes, ETag ");
    }
  }

  @Test
  void takesKeysFromTheEnvironment() throws Exception {
    Map<String, String> keys =
        Map.of("AWS_ACCESS_KEY_ID", Store.KEY_ID, "AWS_SECRET_ACCESS_KEY", Store.SECRET);
    Store.reading(store.url("image")).withoutKeys().in(keys).connect().close();
  }

  @Test
  void readsWhatIsPublicWithoutKeys() throws Exception {
    try (CannedServer server = CannedServer.saying((_, _) -> partial())) {
      Store.reading(server.url("/bucket/key")).withoutKeys().connect().close();
      assertThat(server.requests().getFirst())
          .contains("\r\nUser-Agent: gantry/test\r\n")
          .doesNotContain("Authorization", "x-amz");
    }
  }

  @Test
  void signsAsMuchOfTheRequestAsCounts() throws Exception {
    try (CannedServer server = CannedServer.saying((_, _) -> partial())) {
      Store.reading(server.url("/bucket/key")).sessionToken("session").connect().close();
      assertThat(server.requests().getFirst())
          .contains("AWS4-HMAC-SHA256 Credential=" + Store.KEY_ID)
          .contains("/127/s3/aws4_request")
          .contains("SignedHeaders=host;range;x-amz-content-sha256;x-amz-date;x-amz-security-token")
          .containsIgnoringCase("\r\nx-amz-security-token: session\r\n");
    }
  }

  @Test
  void saysThatTheSecretIsWrong() {
    assertRefused(Store.reading(store.url("image")).as(Store.KEY_ID, "other"))
        .hasMessageStartingWith(
            "could not get s3 object: \"images/image\": SignatureDoesNotMatch: ")
        .hasMessageEndingWith("; the secret key is not the one of this access key id");
  }

  @Test
  void saysThatTheKeyIdIsUnknown() {
    assertRefused(Store.reading(store.url("image")).as("nobody", Store.SECRET))
        .hasMessageContaining("InvalidAccessKeyId")
        .hasMessageContaining("does not know the access key id");
  }

  @Test
  void saysThatKeysAreMissing() {
    assertRefused(Store.reading(store.url("image")).withoutKeys())
        .hasMessageContaining("AccessDenied")
        .hasMessageContaining("no credentials were given");
  }

  @Test
  void saysThatThereIsNoSuchKeyOrBucket() {
    assertRefused(Store.reading(store.url("imag%C3%A9")))
        .hasMessage(
            "could not get s3 object: \"images/imagé\": NoSuchKey: The specified key does not"
                + " exist; check the object's name, upper and lower case count");
    assertRefused(Store.reading(store.url("image").replace("/images/", "/nothing/")))
        .hasMessageContaining("NoSuchBucket")
        .hasMessageContaining("check the bucket's name");
  }

  @ParameterizedTest
  @CsvSource({
    "403, ExpiredToken, new temporary credentials",
    "400, InvalidToken, new temporary credentials",
    "403, InvalidObjectState, restore it first",
    "403, AccessDenied, s3:GetObject",
    "405, MethodNotAllowed, got 405",
    "404, '', check the bucket",
  })
  void explainsOtherRefusalsAndDoesNotRepeatThem(int status, String code, String advice)
      throws Exception {
    try (CannedServer server = CannedServer.saying((_, _) -> error(status, code))) {
      assertRefused(Store.reading(server.url("/bucket/key"))).hasMessageContaining(advice);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"503, SlowDown", "500, InternalError", "400, RequestTimeout", "429, ''", "502, ''"})
  void asksABusyStoreAgain(int status, String code) throws Exception {
    try (CannedServer server =
        CannedServer.saying((_, index) -> index < 2 ? error(status, code) : partial())) {
      Store.reading(server.url("/bucket/key")).connect().close();
      assertThat(server.requests()).hasSize(3);
    }
  }

  @Test
  void givesABusyStoreUpInTheEnd() throws Exception {
    try (CannedServer server = CannedServer.saying((_, _) -> error(503, "SlowDown"))) {
      assertThatThrownBy(() -> Store.reading(server.url("/bucket/key")).attempts(2).connect())
          .isInstanceOfSatisfying(SourceException.class, e -> assertThat(e.retryable()).isTrue())
          .hasMessageContaining("SlowDown: for the test; the store is busy, try again later")
          .hasMessageContaining("tried 2 times");
    }
  }

  @Test
  void followsABucketToTheRegionThatTheStoreNames() throws Exception {
    byte[] elsewhere =
        CannedServer.answer(
            "HTTP/1.1 301 Moved\nx-amz-bucket-region: eu-west-1\nContent-Length: 0", new byte[0]);
    try (CannedServer server =
        CannedServer.saying((_, index) -> index == 0 ? elsewhere : partial())) {
      Store.reading(server.url("/bucket/key")).connect().close();
      assertThat(server.requests().get(0)).contains("/127/s3/aws4_request");
      assertThat(server.requests().get(1)).contains("/eu-west-1/s3/aws4_request");
    }
  }

  @Test
  void saysWhereTheBucketIsWhenTheStoreInsists() throws Exception {
    String body =
        "<Error><Code>AuthorizationHeaderMalformed</Code><Message>the region 'x' is wrong</Message>"
            + "<Region>eu-west-1</Region></Error>";
    byte[] answer =
        CannedServer.answer(
            "HTTP/1.1 400 Bad\nContent-Length: " + body.length(),
            body.getBytes(StandardCharsets.UTF_8));
    try (CannedServer server = CannedServer.saying((_, _) -> answer)) {
      assertRefused(Store.reading(server.url("/bucket/key")))
          .hasMessageContaining("the bucket is in region \"eu-west-1\"");
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void holdsAStoreToStrongTagsAlone() throws Exception {
    for (String tag : new String[] {"\"1\"", "W/\"1\""}) {
      String head =
          "HTTP/1.1 206 Partial\nETag: %s\nLast-Modified: Sun, 22 Nov 2026 08:00:00 GMT"
              .formatted(tag);
      try (CannedServer server =
              CannedServer.saying(
                  (_, index) ->
                      CannedServer.answer(
                          head
                              + (index == 0
                                  ? "\nContent-Range: bytes 0-2/9\nContent-Length: 3"
                                  : "\nContent-Range: bytes 3-8/9\nContent-Length: 6"),
                          new byte[index == 0 ? 3 : 6]));
          S3Source source = Store.reading(server.url("/bucket/key")).connect()) {
        assertThat(source.length()).hasValue(9);
        assertThat(server.requests().get(1).contains("\r\nIf-Match: \"1\"\r\n"))
            .isEqualTo(tag.startsWith("\""));
        assertThat(server.requests().get(1)).contains("\r\nRange: bytes=3-8\r\n");
      }
    }
  }

  @Test
  void putsAWrongClockRight() throws Exception {
    ZonedDateTime tomorrow = ZonedDateTime.now(ZoneOffset.UTC).plusDays(1);
    String body = "<Error><Code>RequestTimeTooSkewed</Code><Message>no</Message></Error>";
    byte[] skewed =
        CannedServer.answer(
            "HTTP/1.1 403 Forbidden\nDate: %s\nContent-Length: %d"
                .formatted(DateTimeFormatter.RFC_1123_DATE_TIME.format(tomorrow), body.length()),
            body.getBytes(StandardCharsets.UTF_8));
    try (CannedServer server = CannedServer.saying((_, index) -> index == 0 ? skewed : partial())) {
      Store.reading(server.url("/bucket/key")).connect().close();
      assertThat(server.requests().get(1))
          .contains(DateTimeFormatter.BASIC_ISO_DATE.format(tomorrow.toLocalDate()) + "/127/s3/");
    }
  }

  @Test
  void takesTheBucketOutOfTheHostName() throws Exception {
    S3Address address =
        S3Address.ofName(
            "s3://images/image",
            Optional.of("http://store.example"),
            Optional.empty(),
            true,
            Env.of(Map.of()));
    try (Store virtual = Store.startWithVirtualHosts("store.example").put("image", new byte[7])) {
      // No name server knows the host; whoever is asked as a proxy is asked for it all the same.
      Map<String, String> proxy = Map.of("http_proxy", "http://127.0.0.1:" + virtual.port());
      try (S3Source source = new Store.Reading(address).in(proxy).connect()) {
        assertThat(source.length()).hasValue(7);
      }
    }
  }

  @Test
  void sendsNoSignatureToWhereItIsRedirected() throws Exception {
    try (CannedServer other = CannedServer.saying((_, _) -> partial());
        CannedServer server =
            CannedServer.saying(
                (_, _) ->
                    CannedServer.answer(
                        "HTTP/1.1 307 There\nContent-Length: 0\nLocation: " + other.url("/x"),
                        new byte[0]))) {
      Store.reading(server.url("/bucket/key")).sessionToken("session").connect().close();
      assertThat(other.requests())
          .isNotEmpty()
          .noneMatch(head -> head.contains("Authorization") || head.contains("session"));
    }
  }

  @Test
  void refusesHalfAPairOfKeys() {
    assertThatThrownBy(() -> Store.reading(store.url("image")).as(Store.KEY_ID, "").options())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("there is no secret key");
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ?> assertRefused(
      Store.Reading reading) {
    return assertThatThrownBy(reading::connect)
        .isInstanceOfSatisfying(SourceException.class, e -> assertThat(e.retryable()).isFalse())
        .hasMessageStartingWith("could not get s3 object: \"")
        .hasMessageNotContainingAny(List.of("\n", Store.SECRET).toArray(String[]::new));
  }

  private static byte[] partial() {
    return CannedServer.answer(
        "HTTP/1.1 206 Partial\nETag: \"1\"\nContent-Range: bytes 0-2/3\nContent-Length: 3",
        new byte[] {1, 2, 3});
  }

  private static byte[] error(int status, String code) {
    String body =
        code.isEmpty()
            ? ""
            : "<?xml version=\"1.0\"?><Error><Code>%s</Code><Message>for the test.</Message></Error>"
                .formatted(code);
    return CannedServer.answer(
        "HTTP/1.1 %d No\nContent-Length: %d".formatted(status, body.length()),
        body.getBytes(StandardCharsets.UTF_8));
  }
}
