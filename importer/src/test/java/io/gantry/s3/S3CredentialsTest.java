package io.gantry.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.source.SourceException;
import io.gantry.testkit.CannedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Credentials that somebody hands out. */
@Timeout(60)
final class S3CredentialsTest {

  private static final byte[] OBJECT =
      CannedServer.answer(
          "HTTP/1.1 206 Partial\nETag: \"1\"\nContent-Range: bytes 0-2/3\nContent-Length: 3",
          new byte[] {1, 2, 3});

  @TempDir Path folder;

  @Test
  void exchangesTheTokenThatKubernetesMounts() throws Exception {
    try (CannedServer sts = CannedServer.saying((_, _) -> xml(200, assumed()));
        CannedServer store = CannedServer.saying((_, _) -> OBJECT)) {
      Store.reading(store.url("/bucket/key")).withoutKeys().in(webIdentity(sts)).connect().close();
      assertThat(sts.requests()).hasSize(1);
      assertThat(sts.requests().getFirst()).startsWith("POST / HTTP/1.1\r\n");
      assertThat(store.requests().getFirst())
          .contains("Credential=ASIAROLE/")
          .containsIgnoringCase("\r\nx-amz-security-token: role session\r\n");
    }
  }

  @Test
  void saysThatNobodyHandsThemOut() throws Exception {
    String refusal =
        "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>"
            + "<Message>not you</Message></Error></ErrorResponse>";
    try (CannedServer sts = CannedServer.saying((_, _) -> xml(403, refusal))) {
      assertThatThrownBy(
              () ->
                  Store.reading("http://127.0.0.1:1/bucket/key")
                      .withoutKeys()
                      .in(webIdentity(sts))
                      .connect())
          .isInstanceOf(SourceException.class)
          .hasMessageStartingWith("could not get s3 object: \"bucket/key\": no AWS credentials")
          .hasMessageContaining("not you");
    }
  }

  @Test
  void asksTheAgentBesideTheContainer() throws Exception {
    String json =
        "{\"AccessKeyId\":\"ASIATASK\",\"SecretAccessKey\":\"s\",\"Token\":\"t\",\"Expiration\":\"%s\"}"
            .formatted(Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS));
    byte[] answer =
        CannedServer.answer(
            "HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: " + json.length(),
            json.getBytes(StandardCharsets.US_ASCII));
    String property = "aws.containerCredentialsFullUri";
    try (CannedServer agent = CannedServer.saying((_, _) -> answer);
        CannedServer store = CannedServer.saying((_, _) -> OBJECT)) {
      // The SDK reads the process's own environment, or this in its place.
      System.setProperty(property, agent.url("/credentials"));
      Store.reading(store.url("/bucket/key"))
          .withoutKeys()
          .in(Map.of("AWS_CONTAINER_CREDENTIALS_FULL_URI", agent.url("/credentials")))
          .connect()
          .close();
      assertThat(store.requests().getFirst()).contains("Credential=ASIATASK/");
    } finally {
      System.clearProperty(property);
    }
  }

  private Map<String, String> webIdentity(CannedServer sts) throws Exception {
    Path token = Files.writeString(folder.resolve("token"), "a.jwt.token");
    return Map.of(
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        token.toString(),
        "AWS_ROLE_ARN",
        "arn:aws:iam::123456789012:role/importer",
        "AWS_ENDPOINT_URL_STS",
        sts.url("/"));
  }

  private static byte[] xml(int status, String body) {
    return CannedServer.answer(
        "HTTP/1.1 %d X\nContent-Type: text/xml\nContent-Length: %d"
            .formatted(status, body.length()),
        body.getBytes(StandardCharsets.US_ASCII));
  }

  private static String assumed() {
    return """
    <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
    <AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId>
    <SecretAccessKey>role secret</SecretAccessKey><SessionToken>role session</SessionToken>
    <Expiration>%s</Expiration></Credentials></AssumeRoleWithWebIdentityResult>
    </AssumeRoleWithWebIdentityResponse>\
    """
        .formatted(Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS));
  }
}
