package io.gantry.codec;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A compressor of the system, the oracle of these tests. A test is skipped where it is missing. */
record Tool(String name) {

  static final Tool XZ = new Tool("xz");
  static final Tool ZSTD = new Tool("zstd");
  static final Tool PZSTD = new Tool("pzstd");
  static final Tool GZIP = new Tool("gzip");
  static final Tool PIGZ = new Tool("pigz");

  /** Returns what the tool makes of {@code input}. */
  byte[] run(byte[] input, String... options) {
    assumeTrue(isInstalled(), name + " is not installed");
    String[] command = new String[options.length + 1];
    command[0] = name;
    System.arraycopy(options, 0, command, 1, options.length);
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      Thread feeder = Thread.startVirtualThread(() -> feed(process, input));
      byte[] output = process.getInputStream().readAllBytes();
      feeder.join();
      if (process.waitFor() != 0) {
        throw new IllegalArgumentException(String.join(" ", command) + " failed");
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void feed(Process process, byte[] input) {
    try (var stdin = process.getOutputStream()) {
      stdin.write(input);
    } catch (IOException e) {
      // The tool stopped reading; its exit status says why.
    }
  }

  private boolean isInstalled() {
    for (String directory : System.getenv("PATH").split(":", -1)) {
      if (Files.isExecutable(Path.of(directory, name))) {
        return true;
      }
    }
    return false;
  }

  static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      whole.writeBytes(part);
    }
    return whole.toByteArray();
  }
}
