package io.gantry.importer;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.runtime.Env;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SizeDetectionMainTest {

  @TempDir private Path root;

  private Path message;

  @BeforeEach
  void mount() throws IOException {
    Files.createDirectory(root.resolve("dev"));
    Files.createDirectory(root.resolve("data"));
    message = Files.writeString(root.resolve("dev/termination-log"), "");
  }

  private int run(String... arguments) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    return SizeDetectionMain.run(
        List.of(arguments),
        Env.of(Map.of("GANTRY_ROOT", root.toString())),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @Test
  void leavesTheVirtualSize() throws IOException {
    Files.write(root.resolve("data/disk.img"), new byte[12_345]);

    assertThat(run("-image-path", "/data/disk.img")).isZero();

    assertThat(message).hasContent("12800");
  }

  @Test
  void hasAnExitStatusForEveryFailure() throws IOException {
    Files.writeString(
        root.resolve("data/broken"), "QFI\u00fb and then nothing", StandardCharsets.ISO_8859_1);
    Files.write(root.resolve("data/disk.img"), new byte[512]);

    assertThat(run()).isEqualTo(1);
    assertThat(run("-no-such-flag")).isEqualTo(1);
    assertThat(run("-image-path=/data/broken")).isEqualTo(2);
    assertThat(run("-image-path=/data/nothing")).isEqualTo(3);
    Files.delete(message);
    Files.createDirectory(message);
    assertThat(run("-image-path=/data/disk.img")).isEqualTo(4);
  }
}
