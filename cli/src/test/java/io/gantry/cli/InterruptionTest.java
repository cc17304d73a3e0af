package io.gantry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real signals to a real process, which waits in the middle of a disk that comes by a pipe. */
@Timeout(60)
final class InterruptionTest {

  @TempDir Path directory;

  /**
   * Whoever runs the tests in the background may have them ignore SIGINT, and children with them.
   */
  private Process start(Path target, String... options) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            "env",
            "--default-signal=INT",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            GantryMain.class.getName(),
            "convert");
    builder.command().addAll(Arrays.asList(options));
    builder.command().add("-");
    builder.command().add(target.toString());
    builder.redirectError(directory.resolve("err").toFile());
    builder.redirectOutput(directory.resolve("out").toFile());
    return builder.start();
  }

  /** Feeds half a raw disk and waits until some of it has arrived at the target. */
  private static void feedHalf(Process process, Path target)
      throws IOException, InterruptedException {
    OutputStream stdin = process.getOutputStream();
    byte[] piece = new byte[1 << 20];
    Arrays.fill(piece, (byte) 'x');
    for (int i = 0; i < 16; i++) {
      stdin.write(piece);
    }
    stdin.flush();
    while (process.isAlive() && (!Files.exists(target) || Files.size(target) <= 1 << 20)) {
      Thread.sleep(20);
    }
    assertThat(process.isAlive()).isTrue();
  }

  private static void signal(String name, Process process)
      throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  private String err() throws IOException {
    return Files.readString(directory.resolve("err"), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void aSignalRemovesWhatIsHalfMadeAndSaysSo(String name, int status) throws Exception {
    Path target = directory.resolve("disk");
    Process process = start(target);
    feedHalf(process, target);
    signal(name, process);
    assertThat(process.exitValue()).isEqualTo(status);
    assertThat(target).doesNotExist();
    assertThat(err()).isEqualTo("gantry: interrupted, " + target + " is removed\n");
    assertThat(directory.resolve("out")).isEmptyFile();
  }

  @Test
  void anExistingTargetIsLeftAndNotCalledDone() throws Exception {
    Path target = Files.writeString(directory.resolve("disk"), "old");
    Process process = start(target, "--force");
    feedHalf(process, target);
    signal("TERM", process);
    assertThat(process.exitValue()).isEqualTo(143);
    assertThat(target).exists();
    assertThat(err()).endsWith(target + " is incomplete, do not use it\n");
    assertThat(directory.resolve("out")).isEmptyFile();
  }

  @Test
  void withoutASignalTheDiskIsFinished() throws Exception {
    Path target = directory.resolve("disk");
    Process process = start(target);
    feedHalf(process, target);
    process.getOutputStream().close();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(target).hasSize(16 << 20);
  }
}
