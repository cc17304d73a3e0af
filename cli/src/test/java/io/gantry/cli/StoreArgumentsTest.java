package io.gantry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.testkit.CannedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code s3://} and {@code gs://} on the command line. */
@Timeout(60)
final class StoreArgumentsTest {

  private static final byte[] DISK = new byte[1024];
  private static final Map<String, String> KEYS =
      Map.of("AWS_ACCESS_KEY_ID", "AKID", "AWS_SECRET_ACCESS_KEY", "secret", "AWS_REGION", "here");

  @TempDir Path folder;

  @Test
  void convertsAnObjectOfAStoreWithTheKeysOfTheEnvironment() throws Exception {
    try (CannedServer store = CannedServer.saying((_, _) -> object())) {
      Path disk = folder.resolve("disk.img");
      CommandRun run =
          CommandRun.withEnvironment(
              KEYS,
              "convert",
              "--endpoint",
              store.url("/prefix"),
              "-f",
              "raw",
              "s3://bucket/a b.img",
              disk.toString());
      assertThat(run.err()).isEmpty();
      assertThat(run.status()).isZero();
      assertThat(run.out()).contains("s3://bucket/a b.img");
      assertThat(Files.readAllBytes(disk)).isEqualTo(DISK);
      assertThat(store.requests().getFirst())
          .startsWith("GET /prefix/bucket/a%20b.img HTTP/1.1\r\n")
          .contains("Credential=AKID/")
          .contains("/here/s3/aws4_request");
    }
  }

  @Test
  void sendsNothingWhenToldTo() throws Exception {
    try (CannedServer store = CannedServer.saying((_, _) -> object())) {
      CommandRun run =
          CommandRun.withEnvironment(
              KEYS,
              "info",
              "--anonymous",
              "--region",
              "there",
              "--endpoint",
              store.url(""),
              "s3://bucket/key");
      assertThat(run.status()).isZero();
      assertThat(store.requests()).noneMatch(head -> head.contains("Authorization"));
    }
  }

  @Test
  void readsCloudStorageOfAnEmulator() throws Exception {
    try (CannedServer store = CannedServer.saying((_, _) -> object())) {
      CommandRun run =
          CommandRun.withEnvironment(
              Map.of("STORAGE_EMULATOR_HOST", "127.0.0.1:" + store.port()),
              "info",
              "--output",
              "json",
              "gs://bucket/object");
      assertThat(run.status()).isZero();
      assertThat(run.out()).contains("\"filename\": \"gs://bucket/object\"");
      assertThat(store.requests().getFirst())
          .startsWith("GET /bucket/object HTTP/1.1\r\n")
          .contains("\r\nAccept-Encoding: gzip\r\n");
    }
  }

  @Test
  void tellsOfARefusalOnOneLine() throws Exception {
    String body = "<Error><Code>AccessDenied</Code><Message>Access\nDenied.</Message></Error>";
    byte[] refusal =
        CannedServer.answer(
            "HTTP/1.1 403 Forbidden\nContent-Length: " + body.length(),
            body.getBytes(StandardCharsets.UTF_8));
    try (CannedServer store = CannedServer.saying((_, _) -> refusal)) {
      CommandRun run =
          CommandRun.withEnvironment(KEYS, "info", "--endpoint", store.url(""), "s3://bucket/key");
      assertThat(run.status()).isEqualTo(ExitStatus.SOURCE.code());
      assertThat(run.err())
          .isEqualTo(
              "gantry: could not get s3 object: \"bucket/key\": AccessDenied: Access Denied; these"
                  + " credentials may not read it (s3:GetObject), or it does not exist\n");
    }
  }

  private static byte[] object() {
    return CannedServer.answer(
        """
        HTTP/1.1 206 Partial
        ETag: "1"
        Content-Range: bytes 0-1023/1024
        Content-Length: 1024\
        """,
        DISK);
  }
}
