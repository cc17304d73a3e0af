package io.gantry.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.http.HttpSourceOptions;
import io.gantry.io.RandomAccessInput;
import io.gantry.runtime.Env;
import io.gantry.source.Source;
import io.gantry.source.SourceException;
import io.gantry.target.Target;
import io.gantry.target.TargetOptions;
import io.gantry.target.Targets;
import io.gantry.testkit.CannedServer;
import io.gantry.testkit.FaultyLink;
import io.gantry.testkit.Qcow2Builder;
import io.gantry.testkit.SourceContract;
import io.gantry.transfer.Progress;
import io.gantry.transfer.Transfer;
import io.gantry.transfer.TransferOptions;
import io.gantry.transfer.TransferResult;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tokens, and what is said when they do not help. */
@Timeout(60)
final class GcsAccessTest {

  private static final byte[] CONTENT = SourceContract.bytes(3_000_000);

  @TempDir Path folder;
  private FakeStorage storage;

  @BeforeEach
  void start() throws Exception {
    storage = FakeStorage.start().put("bucket/image", CONTENT);
  }

  @AfterEach
  void stop() {
    storage.close();
  }

  @Test
  void readsWhatIsPublicWithoutAToken() throws Exception {
    storage.makePublic();
    try (Source source = connect(Optional.empty())) {
      assertThat(source.name()).isEqualTo("gs://bucket/image");
      assertThat(source.length()).hasValue(CONTENT.length);
    }
    assertThat(storage.tokensIssued()).isZero();
  }

  @Test
  void fetchesOneTokenForManyRequests() throws Exception {
    try (Source source = connect(Optional.of(storage.credentials(folder)));
        RandomAccessInput input = source.ranges().orElseThrow()) {
      assertThat(source.details())
          .contains(storage.url("bucket/image") + ", as " + FakeStorage.ACCOUNT);
      for (int i = 1; i < 5; i++) {
        input.readFully(500_000L * i, ByteBuffer.allocate(200_000));
      }
    }
    assertThat(storage.tokensIssued()).isEqualTo(1);
  }

  @Test
  void fetchesAnotherTokenBeforeOneEnds() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    HttpSourceOptions http = HttpSourceOptions.defaults(Env.of(Map.of()));
    ServiceAccount account = ServiceAccount.read(storage.credentials(folder));
    try (AccessTokens tokens = new AccessTokens(account, http, now::get)) {
      assertThat(tokens.current()).contains("token-0");
      now.updateAndGet(time -> time.plus(Duration.ofMinutes(54)));
      assertThat(tokens.current()).contains("token-0");
      now.set(Instant.now());
      storage.lettingTokensLive(20);
      now.updateAndGet(time -> time.plus(Duration.ofSeconds(30)));
      tokens.renew();
      assertThat(tokens.current()).as("refused for its age").contains("token-1");
      now.updateAndGet(time -> time.plus(Duration.ofSeconds(9)));
      tokens.renew();
      assertThat(tokens.current()).as("too young for that").contains("token-1");
      now.updateAndGet(time -> time.plus(Duration.ofSeconds(2)));
      assertThat(tokens.current()).as("half of its life is over").contains("token-2");
    }
  }

  @Test
  void fetchesAnotherTokenWhenTheStoreTakesTheOldOneNoMore() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    HttpSourceOptions http = HttpSourceOptions.defaults(Env.of(Map.of()));
    ServiceAccount account = ServiceAccount.read(storage.credentials(folder));
    GcsOptions options =
        FakeStorage.options(storage.url("bucket/image"), Optional.empty(), Map.of());
    AccessTokens tokens = new AccessTokens(account, http, now::get);
    try (Source source = GcsSource.connect(options, tokens);
        RandomAccessInput input = source.ranges().orElseThrow()) {
      storage.forgetTokens();
      now.updateAndGet(time -> time.plus(Duration.ofSeconds(20)));
      ByteBuffer dst = ByteBuffer.allocate(10);
      input.readFully(2_000_000, dst);
      assertThat(dst.flip()).isEqualTo(ByteBuffer.wrap(CONTENT, 2_000_000, 10));
    }
    assertThat(storage.tokensIssued()).isEqualTo(2);
  }

  @Test
  void saysThatATokenIsNeverAccepted() throws Exception {
    try (Source source = connect(Optional.of(storage.credentials(folder)));
        RandomAccessInput input = source.ranges().orElseThrow()) {
      storage.forgetTokens();
      assertThatThrownBy(() -> input.readFully(2_000_000, ByteBuffer.allocate(10)))
          .isInstanceOfSatisfying(SourceException.class, e -> assertThat(e.retryable()).isFalse())
          .hasMessageContaining("AuthenticationRequired")
          .hasMessageContaining("token is not accepted");
    }
  }

  @Test
  void saysThatTheKeyIsNotTheAccounts() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    Path wrong = storage.credentials(folder, generator.generateKeyPair());
    assertThatThrownBy(() -> connect(Optional.of(wrong)))
        .isInstanceOfSatisfying(SourceException.class, e -> assertThat(e.retryable()).isFalse())
        .hasMessageStartingWith("could not get gcs object: \"bucket/image\": no access token for ")
        .hasMessageContaining("answers 400 invalid_grant: Invalid JWT Signature.")
        .hasMessageNotContaining("\n");
  }

  @Test
  void triesABusyTokenServerAgain() throws Exception {
    byte[] busy = CannedServer.answer("HTTP/1.1 503 Busy\nContent-Length: 0", new byte[0]);
    String json = "{\"access_token\":\"t\",\"expires_in\":3600}";
    byte[] token =
        CannedServer.answer(
            "HTTP/1.1 200 OK\nContent-Length: " + json.length(),
            json.getBytes(StandardCharsets.UTF_8));
    try (CannedServer server = CannedServer.saying((_, index) -> index < 2 ? busy : token)) {
      ServiceAccount account = ServiceAccount.read(storage.credentials(folder));
      ServiceAccount elsewhere =
          new ServiceAccount(
              account.email(), "", account.key(), java.net.URI.create(server.url("/token")));
      HttpSourceOptions http = HttpSourceOptions.defaults(Env.of(Map.of()));
      try (AccessTokens tokens = new AccessTokens(elsewhere, http, Instant::now)) {
        assertThat(tokens.current()).contains("t");
      }
    }
  }

  @Test
  void saysWhatIsMissing() {
    assertThatThrownBy(() -> connect(Optional.empty()))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("AccessDenied: Anonymous caller does not have storage.objects.get")
        .hasMessageContaining("no credentials were given");
    storage.makePublic();
    assertThatThrownBy(
            () ->
                GcsSource.connect(
                    FakeStorage.options(storage.url("bucket/nothing"), Optional.empty(), Map.of())))
        .hasMessage(
            "could not get gcs object: \"bucket/nothing\": NoSuchKey: The specified key does not"
                + " exist; check the bucket and the object's name");
  }

  @Test
  void saysWhatIsWrongWithACredentialsFile() throws Exception {
    assertThatThrownBy(() -> connect(Optional.of(folder.resolve("none.json"))))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("none.json does not exist");
    Path file = folder.resolve("some.json");
    String[][] rows = {
      {"secret", "is no JSON object"},
      {"{\"type\":\"authorized_user\"}", "\"type\" \"authorized_user\", only \"service_account\""},
      {"{\"type\":\"service_account\"}", "has no \"client_email\""},
      {
        "{\"type\":\"service_account\",\"client_email\":\"a\",\"private_key\":\"secret\","
            + "\"token_uri\":\"x\"}",
        "\"private_key\""
      },
    };
    for (String[] row : rows) {
      Files.writeString(file, row[0]);
      assertThatThrownBy(() -> connect(Optional.of(file)))
          .isInstanceOf(SourceException.class)
          .hasMessageContaining(row[1])
          .hasMessageNotContaining("secret");
    }
  }

  @Test
  void neverMixesAnObjectWithTheOneThatReplacesIt() throws Exception {
    try (Source source = connect(Optional.of(storage.credentials(folder)));
        RandomAccessInput input = source.ranges().orElseThrow()) {
      storage.put("bucket/image", Arrays.copyOf(CONTENT, CONTENT.length));
      assertThatThrownBy(() -> input.readFully(2_000_000, ByteBuffer.allocate(10)))
          .isInstanceOfSatisfying(SourceException.class, e -> assertThat(e.retryable()).isTrue())
          .hasMessageContaining("its generation is another one");
    }
  }

  @Test
  void sendsNoCredentialsToAnEmulator() throws Exception {
    storage.makePublic();
    Map<String, String> env = Map.of("STORAGE_EMULATOR_HOST", "127.0.0.1:" + storage.port());
    Path credentials = storage.credentials(folder);
    GcsSource.connect(FakeStorage.options("gs://bucket/image", Optional.of(credentials), env))
        .close();
    assertThat(storage.tokensIssued()).isZero();
  }

  @Test
  void convertsAQcow2ImageOverConnectionsThatAreCut() throws Exception {
    byte[] disk = new byte[4 << 20];
    System.arraycopy(CONTENT, 0, disk, 1 << 20, 2 << 20);
    Qcow2Builder builder = new Qcow2Builder(16).size(disk.length).l1().l2(0);
    for (int cluster = 16; cluster < 48; cluster++) {
      builder.data(cluster, Arrays.copyOfRange(disk, cluster << 16, (cluster + 1) << 16));
    }
    storage.put("bucket/disk.qcow2", builder.build());
    Path file = folder.resolve("disk.img");
    try (FaultyLink link = FaultyLink.to(storage.port()).cutEvery(700_000, true);
        Source source =
            GcsSource.connect(
                FakeStorage.options(
                    "http://127.0.0.1:%d/bucket/disk.qcow2".formatted(link.port()),
                    Optional.of(storage.credentials(folder)),
                    Map.of()));
        Target target = Targets.open(file, TargetOptions.DEFAULT)) {
      assertThat(Transfer.run(source, target, TransferOptions.DEFAULT, new Progress()))
          .isInstanceOf(TransferResult.Done.class);
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(disk);
  }

  private GcsSource connect(Optional<Path> credentials) throws Exception {
    return GcsSource.connect(
        FakeStorage.options(storage.url("bucket/image"), credentials, Map.of()));
  }
}
