package io.gantry.e2e;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A worker's page of metrics, read as the controller reads it: over TLS that nobody verifies, with
 * a regular expression.
 */
final class MetricsPage {

  private final int port;

  private MetricsPage(int port) {
    this.port = port;
  }

  /** Has the worker listen where nobody else does. */
  static MetricsPage of(Pod pod) throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      MetricsPage page = new MetricsPage(free.getLocalPort());
      pod.env("GANTRY_METRICS_PORT", Integer.toString(page.port));
      return page;
    }
  }

  /** Returns the percentage for one owner; none while nobody listens or nothing matches. */
  OptionalDouble progress(String owner) throws IOException, InterruptedException {
    // 1.8 of the worker contract, to the letter.
    Pattern progress =
        Pattern.compile(
            "(kubevirt_cdi_import_progress_total)\\{ownerUID\\=\""
                + owner
                + "\"\\} (\\d{1,3}\\.?\\d*)");
    Matcher matcher = progress.matcher(text());
    return matcher.find()
        ? OptionalDouble.of(Double.parseDouble(matcher.group(2)))
        : OptionalDouble.empty();
  }

  private String text() throws IOException, InterruptedException {
    Process curl =
        new ProcessBuilder("curl", "-sk", "https://127.0.0.1:" + port + "/metrics").start();
    String page = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    curl.waitFor();
    return page;
  }
}
