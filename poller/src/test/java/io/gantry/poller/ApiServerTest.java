package io.gantry.poller;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.runtime.Env;
import io.gantry.runtime.PodRoot;
import io.gantry.runtime.WorkerLog;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class ApiServerTest {

  @Test
  void doesNotWaitForOneThatIsSilent() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      PollerConfig config =
          PollerConfig.of(
              Map.of(
                  "ns", "golden",
                  "cron", "debian",
                  "url", "docker://debian",
                  "server", "http://127.0.0.1:" + silent.getLocalPort()),
              Env.of(Map.of()));
      WorkerLog log = new WorkerLog(new PrintStream(OutputStream.nullOutputStream()), 0);
      try (ApiServer server =
          ApiServer.connect(
              Cluster.of(config, new PodRoot(Path.of("/")), Duration.ofMillis(200)))) {
        DataImportCrons crons = server.dataImportCrons("golden", log);
        assertThatThrownBy(() -> crons.polled("debian", "now", "sha256:1"))
            .isInstanceOf(PollException.class)
            .hasMessage(
                "Failed getting DataImportCron golden/debian: the API server http://127.0.0.1:%d/"
                    + " does not answer in time",
                silent.getLocalPort());
      }
    }
  }
}
