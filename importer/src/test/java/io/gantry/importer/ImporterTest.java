package io.gantry.importer;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.runtime.Env;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the worker refuses before it asks anybody. */
final class ImporterTest {

  @TempDir private Path root;

  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void mount() throws IOException {
    Files.createDirectories(root.resolve("dev"));
    Files.writeString(root.resolve("dev/termination-log"), "");
    environment.putAll(
        Map.of(
            "GANTRY_ROOT", root.toString(),
            "GANTRY_METRICS_PORT", "0",
            "PREALLOCATION", "false",
            "IMPORTER_SOURCE", "http",
            "IMPORTER_CONTENTTYPE", "kubevirt"));
  }

  private int run(String... flags) {
    PrintStream err = new PrintStream(logged, true, StandardCharsets.UTF_8);
    return ImporterMain.run(List.of(flags), Env.of(environment), err);
  }

  private String log() {
    return logged.toString(StandardCharsets.UTF_8);
  }

  private String lastLine() {
    return log().strip().lines().toList().getLast();
  }

  private String message() throws IOException {
    return Files.readString(root.resolve("dev/termination-log"));
  }

  /** 0.2; whoever else has something to log: here the metrics' server, kept until the very end. */
  @Test
  void endsTheLogWithTheCauseWhateverOtherThreadsLog() {
    CountDownLatch othersTurn = new CountDownLatch(1);
    CountDownLatch causeLogged = new CountDownLatch(1);
    PrintStream err =
        new PrintStream(logged, true, StandardCharsets.UTF_8) {
          @Override
          public void println(@Nullable String line) {
            String text = String.valueOf(line);
            if (text.contains("metrics on port")) {
              othersTurn.countDown();
              await(causeLogged, 1);
            } else if (text.contains("error code")) {
              await(othersTurn, 10);
            }
            super.println(text);
            if (text.contains("cannot be determined")) {
              causeLogged.countDown();
            }
          }
        };

    assertThat(ImporterMain.run(List.of("-v=1"), Env.of(environment), err)).isEqualTo(1);

    assertThat(log()).contains("metrics on port");
    assertThat(lastLine()).contains("the size of the target cannot be determined");
  }

  private static void await(CountDownLatch latch, int seconds) {
    try {
      latch.await(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @ParameterizedTest
  @CsvSource({"registry, archive", "imageio, archive", "registry, tape", "imageio, ''"})
  void refusesAllButDisksFromSourcesThatHaveNothingElse(String source, String contentType)
      throws IOException {
    Files.createDirectory(root.resolve("data"));
    environment.put("IMPORTER_SOURCE", source);
    environment.put("IMPORTER_CONTENTTYPE", contentType);

    assertThat(run()).isEqualTo(1);

    assertThat(message()).isEmpty();
    assertThat(lastLine()).contains("source " + source, "\"" + contentType + "\"");
  }

  /** The reference panics, because nothing is no quantity. */
  @Test
  void makesNoBlankDiskWithoutASize() throws IOException {
    Path disk = Files.createDirectory(root.resolve("data")).resolve("disk.img");
    environment.put("IMPORTER_SOURCE", "none");
    environment.put("IMPORTER_IMAGE_SIZE", "");

    assertThat(run()).isEqualTo(2);

    assertThat(message()).isEmpty();
    assertThat(log()).contains("IMPORTER_IMAGE_SIZE");
    assertThat(disk).doesNotExist();
  }

  @Test
  void warnsOfABlankDiskThatIsSmallerThanAskedFor() throws IOException {
    Files.createDirectory(root.resolve("data"));
    environment.put("IMPORTER_SOURCE", "none");
    environment.put("IMPORTER_IMAGE_SIZE", "7Ei");

    assertThat(run()).isZero();

    assertThat(log()).contains("8070450532247928832 bytes asked for, ");
  }

  /** Nothing is in its place yet, and the next run may well succeed. */
  @ParameterizedTest
  @CsvSource({"http, http://127.0.0.1:1/disk", "http, ''", "tape, x"})
  void leavesADiskOfBeforeAloneWhenThereIsNoSource(String source, String endpoint)
      throws IOException {
    Path disk = Files.createDirectory(root.resolve("data")).resolve("disk.img");
    Files.writeString(disk, "of before");
    environment.put("IMPORTER_SOURCE", source);
    environment.put("IMPORTER_ENDPOINT", endpoint);

    assertThat(run()).isEqualTo(1);

    assertThat(disk).hasContent("of before");
  }

  @Test
  void saysNothingToTheControllerWhenThereIsNoVolume() throws IOException {
    environment.put("IMPORTER_ENDPOINT", "http://127.0.0.1:1/");

    assertThat(run()).isEqualTo(1);

    assertThat(message()).isEmpty();
    assertThat(log()).contains("the size of the target cannot be determined");
  }

  @ParameterizedTest
  @ValueSource(strings = {"vddk", "imageio"})
  void saysThatItHasNoConnectionToOtherHypervisors(String source) throws IOException {
    Files.createDirectory(root.resolve("data"));
    environment.put("IMPORTER_SOURCE", source);

    assertThat(run()).isEqualTo(1);

    assertThat(message()).startsWith("Unable to connect to " + source + " data source: ");
    assertThat(log()).contains("error code G104");
  }

  @Test
  void wantsAnEndpoint() throws IOException {
    Files.createDirectory(root.resolve("data"));

    assertThat(run()).isEqualTo(1);

    assertThat(message()).isEqualTo("Unable to connect to http data source: endpoint is empty");
  }

  @Test
  void endsWithStatusTwoForAnUnknownFlag() {
    assertThat(run("--no-such-flag")).isEqualTo(2);
    assertThat(log()).contains("flag provided but not defined: -no-such-flag");
  }

  @Test
  void tellsOfTheSyncWhenTheControllerLogsMuch() throws IOException {
    Files.createDirectory(root.resolve("data"));
    environment.put("IMPORTER_SOURCE", "none");
    environment.put("IMPORTER_IMAGE_SIZE", "2Mi");

    assertThat(run("-v=3")).isZero();

    assertThat(log())
        .contains("Successfully completed fsync(" + root.resolve("data/disk.img") + ") syscall");
  }
}
