package io.gantry.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A real nginx on 127.0.0.1 that serves a folder; it ends with the test.
 *
 * <p>A test without nginx on its machine is skipped, and says so.
 */
public final class Nginx implements Closeable {

  private static final List<Path> PROGRAMS =
      List.of(Path.of("/usr/sbin/nginx"), Path.of("/usr/bin/nginx"));

  private final Process process;
  private final int port;
  private final boolean tls;

  private Nginx(Process process, int port, boolean tls) {
    this.process = process;
    this.port = port;
    this.tls = tls;
  }

  /**
   * Serves {@code root} over plain HTTP.
   *
   * @param directives nginx directives for the server, such as {@code max_ranges 0;}; {@code
   *     access_log FILE sent;} counts the bytes sent
   */
  public static Nginx serve(Path root, String... directives) throws IOException {
    return start(root, false, String.join("\n", directives));
  }

  /** Serves {@code root} over TLS. */
  public static Nginx serveTls(Path root, CertificateAuthority.Issued issued, String... directives)
      throws IOException {
    String certificate =
        "ssl_certificate %s;\nssl_certificate_key %s;\n"
            .formatted(issued.certificate(), issued.key());
    return start(root, true, certificate + String.join("\n", directives));
  }

  public int port() {
    return port;
  }

  /** Returns the URL of a file below the root. */
  public String url(String file) {
    return "%s://127.0.0.1:%d/%s".formatted(tls ? "https" : "http", port, file);
  }

  /** Somebody else may take the port that was free a moment ago; then another one is tried. */
  private static Nginx start(Path root, boolean tls, String directives) throws IOException {
    Path program = PROGRAMS.stream().filter(Files::isExecutable).findFirst().orElse(null);
    assumeTrue(program != null, "nginx is not installed (package nginx-light)");
    String complaint = "";
    for (int i = 0; i < 3; i++) {
      int port = freePort();
      Path prefix = Files.createTempDirectory(root.toAbsolutePath().getParent(), "nginx");
      Path config = prefix.resolve("nginx.conf");
      Files.writeString(config, config(prefix, root.toAbsolutePath(), port, tls, directives));
      Nginx nginx = new Nginx(run(program, prefix, config), port, tls);
      if (nginx.isListening(prefix)) {
        return nginx;
      }
      nginx.close();
      complaint = Files.readString(prefix.resolve("error.log"));
    }
    throw new IOException("nginx did not start: " + complaint);
  }

  private static Process run(Path program, Path prefix, Path config) throws IOException {
    Path log = prefix.resolve("error.log");
    return new ProcessBuilder(
            program.toString(),
            "-e",
            log.toString(),
            "-p",
            prefix.toString(),
            "-c",
            config.toString())
        .redirectErrorStream(true)
        .redirectOutput(prefix.resolve("output.log").toFile())
        .start();
  }

  private static String config(Path prefix, Path root, int port, boolean tls, String directives) {
    return """
    daemon off;
    worker_processes 1;
    user root;
    pid %1$s/nginx.pid;
    events { worker_connections 64; }
    http {
      log_format sent '$body_bytes_sent';
      access_log off;
      sendfile on;
      client_body_temp_path %1$s/t1;
      proxy_temp_path %1$s/t2;
      fastcgi_temp_path %1$s/t3;
      uwsgi_temp_path %1$s/t4;
      scgi_temp_path %1$s/t5;
      server {
        listen 127.0.0.1:%3$d %4$s;
        root %2$s;
        %5$s
      }
    }
    """
        .formatted(prefix, root, port, tls ? "ssl" : "", directives);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Waits for the file that nginx writes once the port is its own. */
  private boolean isListening(Path prefix) throws IOException {
    Path pid = prefix.resolve("nginx.pid");
    for (int i = 0; i < 1000 && process.isAlive(); i++) {
      if (Files.exists(pid) && Files.size(pid) > 0) {
        return true;
      }
      pause();
    }
    return false;
  }

  private static void pause() {
    try {
      Thread.sleep(10);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
