package io.gantry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.http.HttpSourceOptions;
import io.gantry.runtime.Env;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HttpArgumentsTest {

  @TempDir Path directory;

  private static HttpSourceOptions options(Map<String, String> env, String... words)
      throws IOException {
    List<String> line = new ArrayList<>(List.of(words));
    line.add("http://example.org/image");
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    Shell shell =
        new Shell(
            Channels.newChannel(new ByteArrayInputStream(new byte[0])),
            nowhere,
            nowhere,
            Env.of(env),
            false);
    return HttpArguments.options(Arguments.parse(new InfoCommand(), line), shell);
  }

  @Test
  void takesTheDefaultsOfTheClientThatHelpNames() throws IOException {
    HttpSourceOptions options = options(Map.of());
    assertThat(options.user()).isEmpty();
    assertThat(options.redirectsMax()).isEqualTo(HttpSourceOptions.REDIRECTS_MAX);
    assertThat(options.attemptsMax()).isEqualTo(HttpSourceOptions.ATTEMPTS_MAX);
    assertThat(options.stallTimeout()).isEqualTo(HttpSourceOptions.STALL_TIMEOUT);
    assertThat(CommandRun.of("help", "info").out())
        .contains(
            "redirects; " + HttpSourceOptions.REDIRECTS_MAX,
            "times more; " + (HttpSourceOptions.ATTEMPTS_MAX - 1),
            "without a byte; " + HttpSourceOptions.STALL_TIMEOUT.toSeconds());
  }

  @Test
  void takesTheNumbersGiven() throws IOException {
    HttpSourceOptions options =
        options(Map.of(), "--retries", "0", "--redirects", "3", "--stall-timeout", "5");
    assertThat(options.attemptsMax()).isEqualTo(1);
    assertThat(options.redirectsMax()).isEqualTo(3);
    assertThat(options.stallTimeout()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void takesThePasswordFromFileThenLineThenEnvironment() throws IOException {
    Path file = Files.writeString(directory.resolve("password"), "from file\nmore\n");
    Map<String, String> env = Map.of("GANTRY_PASSWORD", "from environment");
    assertThat(options(env, "--user", "me").password()).contains("from environment");
    assertThat(options(env, "--user", "me:from:line").password()).contains("from:line");
    assertThat(options(env, "--user", "me:x", "--password-file", file.toString()).password())
        .contains("from file");
    assertThat(options(env, "--user", "me:x").user()).contains("me");
  }

  @Test
  void takesHeadersFromTheLineAndFromFiles() throws IOException {
    Path file = Files.writeString(directory.resolve("headers"), "B: 2\n\nC: x:y\n");
    assertThat(options(Map.of(), "--header", "A: 1", "--header-file", file.toString()).headers())
        .extracting(header -> header.getKey().strip() + "=" + header.getValue().strip())
        .containsExactly("A=1", "B=2", "C=x:y");
  }

  @Test
  void refusesAHeaderWithoutRepeatingItsValue() {
    assertThatThrownBy(() -> options(Map.of(), "--header", "secret"))
        .isInstanceOf(UsageException.class)
        .hasMessageNotContaining("secret");
  }

  @Test
  void refusesAMissingPasswordFile() {
    assertThatThrownBy(
            () -> options(Map.of(), "--password-file", directory.resolve("none").toString()))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("none: no such file");
  }
}
