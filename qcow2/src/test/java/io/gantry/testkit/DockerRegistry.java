package io.gantry.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A real registry (CNCF distribution) on 127.0.0.1 that keeps its images in a folder; it ends with
 * the test. Two of them may share a folder, one to push to and one to be tested with.
 *
 * <p>A test without the program on its machine is skipped, and says so.
 */
public final class DockerRegistry implements Closeable {

  private static final Path PROGRAM = Path.of("/usr/bin/docker-registry");

  private final ServerProcess server;

  private DockerRegistry(ServerProcess server) {
    this.server = server;
  }

  /**
   * Serves {@code root} over plain HTTP.
   *
   * @param settings more of its configuration, YAML without indentation
   */
  public static DockerRegistry serve(Path root, String... settings) throws IOException {
    return start(root, "", String.join("\n", settings));
  }

  /** Serves {@code root} over TLS. */
  public static DockerRegistry serveTls(
      Path root, CertificateAuthority.Issued issued, String... settings) throws IOException {
    String tls = ", tls: {certificate: %s, key: %s}".formatted(issued.certificate(), issued.key());
    return start(root, tls, String.join("\n", settings));
  }

  public int port() {
    return server.port();
  }

  /** Returns the host as references name it. */
  public String host() {
    return "127.0.0.1:" + port();
  }

  private static DockerRegistry start(Path root, String tls, String settings) throws IOException {
    assumeTrue(Files.isExecutable(PROGRAM), "docker-registry is not installed (Debian package)");
    return new DockerRegistry(ServerProcess.start(root, new Serving(root, tls, settings)));
  }

  private record Serving(Path root, String tls, String settings) implements ServerProcess.Program {

    @Override
    public List<String> command(Path folder, int port) throws IOException {
      Path config = Files.writeString(folder.resolve("config"), config(root, port, tls, settings));
      return List.of(PROGRAM.toString(), "serve", config.toString());
    }

    @Override
    public boolean isListening(Path folder, int port) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        return true;
      } catch (IOException notYet) {
        return false;
      }
    }
  }

  private static String config(Path root, int port, String tls, String settings) {
    return """
    version: 0.1
    log: {level: error, accesslog: {disabled: true}}
    storage: {filesystem: {rootdirectory: %s}, delete: {enabled: true}}
    http: {addr: "127.0.0.1:%d", secret: test%s}
    %s
    """
        .formatted(root.toAbsolutePath(), port, tls, settings);
  }

  @Override
  public void close() {
    server.close();
  }
}
