package io.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cdi-image-size-detection} as its pod starts it; 8.6. */
final class SizeDetectionTest {

  @TempDir Path root;

  @BeforeEach
  void mount() throws Exception {
    Files.createDirectories(root.resolve("dev"));
    Files.createDirectories(root.resolve("data"));
  }

  private Outcome detect(String... words) throws Exception {
    return Program.sizeDetection((Object[]) words)
        .env(Map.of("GANTRY_ROOT", root.toString()))
        .run();
  }

  @Test
  void leavesTheVirtualSizeInTheTerminationMessage() throws Exception {
    Tool.run("qemu-img", "create", "-q", "-f", "qcow2", root.resolve("data/disk.img"), "10M");

    Outcome outcome = detect("-image-path", "/data/disk.img", "-v=3");

    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(root.resolve("dev/termination-log")).hasContent("10485760");
  }

  @Test
  void tellsByItsStatusWhatIsWrong() throws Exception {
    assertThat(detect().status()).isEqualTo(1);
    assertThat(detect("-image-path", "/data/none").status()).isEqualTo(3);
    assertThat(root.resolve("dev/termination-log")).doesNotExist();
  }
}
