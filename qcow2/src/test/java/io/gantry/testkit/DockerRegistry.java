package io.gantry.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A real registry (CNCF distribution) on 127.0.0.1 that keeps its images in a folder; it ends with
 * the test. Two of them may share a folder, one to push to and one to be tested with.
 *
 * <p>A test without the program on its machine is skipped, and says so.
 */
public final class DockerRegistry implements Closeable {

  private static final Path PROGRAM = Path.of("/usr/bin/docker-registry");

  private final Process process;
  private final int port;

  private DockerRegistry(Process process, int port) {
    this.process = process;
    this.port = port;
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
    return port;
  }

  /** Returns the host as references name it. */
  public String host() {
    return "127.0.0.1:" + port;
  }

  /** Somebody else may take the port that was free a moment ago; then another one is tried. */
  private static DockerRegistry start(Path root, String tls, String settings) throws IOException {
    assumeTrue(Files.isExecutable(PROGRAM), "docker-registry is not installed (Debian package)");
    Path files = Files.createTempDirectory(root.toAbsolutePath().getParent(), "registry");
    for (int i = 0; i < 3; i++) {
      int port = freePort();
      Path config = Files.writeString(files.resolve("config"), config(root, port, tls, settings));
      DockerRegistry registry = new DockerRegistry(run(config, files.resolve("log")), port);
      if (registry.isListening()) {
        return registry;
      }
      registry.close();
    }
    throw new IOException(
        "docker-registry did not start: " + Files.readString(files.resolve("log")));
  }

  private static Process run(Path config, Path log) throws IOException {
    return new ProcessBuilder(PROGRAM.toString(), "serve", config.toString())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
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

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private boolean isListening() {
    for (int i = 0; i < 1000 && process.isAlive(); i++) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        return process.isAlive();
      } catch (IOException notYet) {
        pause();
      }
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
