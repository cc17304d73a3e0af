package io.gantry.poller;

import io.gantry.poller.testkit.TestCluster;
import io.gantry.runtime.Env;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The program with flags and environment as a pod has them, in this process. */
final class TestPoll {

  static final String NAMESPACE = "golden";

  private final Map<String, String> flags = new LinkedHashMap<>();
  private final Map<String, String> environment = new HashMap<>();

  /** How it ended, and the lines of its log. */
  record Ended(int status, List<String> lines) {

    String lastLine() {
      return lines.getLast();
    }
  }

  /** In a pod of this cluster, whose mounts lie below {@code root}. */
  static TestPoll inPod(TestCluster cluster, Path root) throws IOException {
    cluster.mountServiceAccount(root);
    return new TestPoll()
        .env("GANTRY_ROOT", root.toString())
        .env("KUBERNETES_SERVICE_HOST", cluster.host())
        .env("KUBERNETES_SERVICE_PORT", String.valueOf(cluster.port()))
        .flag("ns", NAMESPACE);
  }

  TestPoll flag(String name, String value) {
    flags.put(name, value);
    return this;
  }

  TestPoll env(String name, String value) {
    environment.put(name, value);
    return this;
  }

  Ended run() {
    List<String> arguments = new ArrayList<>();
    flags.forEach((name, value) -> arguments.addAll(List.of("-" + name, value)));
    return run(arguments);
  }

  Ended run(List<String> arguments) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        PollerMain.run(
            arguments, Env.of(environment), new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Ended(status, err.toString(StandardCharsets.UTF_8).lines().toList());
  }
}
