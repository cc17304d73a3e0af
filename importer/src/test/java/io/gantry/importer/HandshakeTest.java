package io.gantry.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.runtime.Env;
import io.gantry.runtime.PodRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HandshakeTest {

  @TempDir private Path root;

  private Handshake handshake() throws Exception {
    ImporterConfig config =
        ImporterConfig.of(
            Env.of(
                Map.of(
                    "PREALLOCATION", "false",
                    "IMPORTER_READY_FILE", "/shared/ready",
                    "IMPORTER_DONE_FILE", "/shared/done")));
    return new Handshake(config, new ImporterPaths(new PodRoot(root)), Duration.ofMillis(1));
  }

  private void ready(String name) throws IOException {
    Files.createDirectories(root.resolve("shared"));
    Files.writeString(root.resolve("shared/ready"), name);
  }

  @Test
  void givesUpAfterSixtyLooks() throws Exception {
    Handshake handshake = handshake();

    assertThatThrownBy(handshake::awaitReady)
        .isInstanceOf(ImportException.class)
        .hasMessage("Timeout waiting for file /shared/ready");
  }

  @Test
  void putsTheImageNameInPlaceOfTheEndpointsOwn() throws Exception {
    ready("fedora.qcow2\n");
    Handshake handshake = handshake();
    handshake.awaitReady();

    assertThat(handshake.endpoint("http://localhost:8100/disk.img"))
        .isEqualTo("http://localhost:8100/fedora.qcow2");
  }

  @Test
  void keepsTheEndpointWhenNoNameIsGiven() throws Exception {
    ready("");

    assertThat(handshake().endpoint("http://localhost:8100/disk.img"))
        .isEqualTo("http://localhost:8100/disk.img");
  }

  @Test
  void tellsTheOtherContainerToEnd() throws Exception {
    ready("");
    handshake().done();

    assertThat(root.resolve("shared/done")).exists();
  }
}
