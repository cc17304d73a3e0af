package io.gantry.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real server, a process of its own with a port of 127.0.0.1, that ends with the test. */
final class ServerProcess implements Closeable {

  private static final int PORTS_TRIED = 3;

  private static final int LOOKS = 1000;

  private final Process process;
  private final int port;

  private ServerProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** What is particular about a server. */
  interface Program {

    /**
     * Returns the words of its command line.
     *
     * @param folder its own, empty, for its configuration and what else it writes
     */
    List<String> command(Path folder, int port) throws IOException;

    /** Says whether it has taken its port. */
    boolean isListening(Path folder, int port) throws IOException;
  }

  /**
   * Starts a server and waits for it. Somebody else may take the port that was free a moment ago;
   * then another one is tried.
   *
   * @param beside what it serves, where its own folder may be made
   */
  static ServerProcess start(Path beside, Program program) throws IOException {
    String complaint = "";
    for (int i = 0; i < PORTS_TRIED; i++) {
      int port = freePort();
      Path folder = Files.createTempDirectory(beside.toAbsolutePath().getParent(), "server");
      Path log = folder.resolve("output.log");
      List<String> command = program.command(folder, port);
      ServerProcess server = new ServerProcess(run(command, log), port);
      if (server.awaitListening(program, folder)) {
        return server;
      }
      server.close();
      complaint = command.getFirst() + " did not start: " + Files.readString(log);
    }
    throw new IOException(complaint);
  }

  private static Process run(List<String> command, Path log) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private boolean awaitListening(Program program, Path folder) throws IOException {
    for (int i = 0; i < LOOKS && process.isAlive(); i++) {
      if (program.isListening(folder, port)) {
        return process.isAlive();
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

  int port() {
    return port;
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
