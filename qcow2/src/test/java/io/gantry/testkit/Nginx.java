package io.gantry.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A real nginx on 127.0.0.1 that serves a folder; it ends with the test.
 *
 * <p>A test without nginx on its machine is skipped, and says so.
 */
public final class Nginx implements Closeable {

  private static final List<Path> PROGRAMS =
      List.of(Path.of("/usr/sbin/nginx"), Path.of("/usr/bin/nginx"));

  private final ServerProcess server;
  private final boolean tls;

  private Nginx(ServerProcess server, boolean tls) {
    this.server = server;
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
    return server.port();
  }

  /** Returns the URL of a file below the root. */
  public String url(String file) {
    return "%s://127.0.0.1:%d/%s".formatted(tls ? "https" : "http", port(), file);
  }

  private static Nginx start(Path root, boolean tls, String directives) throws IOException {
    Path program = PROGRAMS.stream().filter(Files::isExecutable).findFirst().orElse(null);
    assumeTrue(program != null, "nginx is not installed (package nginx-light)");
    return new Nginx(ServerProcess.start(root, new Serving(program, root, tls, directives)), tls);
  }

  private record Serving(Path program, Path root, boolean tls, String directives)
      implements ServerProcess.Program {

    @Override
    public List<String> command(Path folder, int port) throws IOException {
      Path config = folder.resolve("nginx.conf");
      Files.writeString(config, config(folder, root.toAbsolutePath(), port, tls, directives));
      return List.of(
          program.toString(), "-e", "stderr", "-p", folder.toString(), "-c", config.toString());
    }

    /** Looks for the file that nginx writes once the port is its own. */
    @Override
    public boolean isListening(Path folder, int port) throws IOException {
      Path pid = folder.resolve("nginx.pid");
      return Files.exists(pid) && Files.size(pid) > 0;
    }
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

  @Override
  public void close() {
    server.close();
  }
}
