package io.gantry.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gantry.cli.Gantry;
import io.gantry.cli.Shell;
import io.gantry.runtime.Env;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The same command without a process: fast enough to run a thousand times. */
final class InProcess {

  private InProcess() {}

  /** Runs {@code gantry} with these words and nothing on standard input. */
  static Outcome gantry(Object... words) throws IOException {
    return run(InputStream.nullInputStream(), words);
  }

  /** Runs {@code gantry} with these words and {@code stdin} poured into its standard input. */
  static Outcome gantryReading(Path stdin, Object... words) throws IOException {
    try (InputStream in = Files.newInputStream(stdin)) {
      return run(new Pipe(in), words);
    }
  }

  private static Outcome run(InputStream in, Object... words) throws IOException {
    List<String> texts = Arrays.stream(words).map(Object::toString).toList();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    long startNanos = System.nanoTime();
    int status;
    try (PrintStream outText = new PrintStream(out, false, UTF_8);
        PrintStream errText = new PrintStream(err, false, UTF_8)) {
      Shell shell = new Shell(Channels.newChannel(in), outText, errText, Env.of(Map.of()), false);
      status = Gantry.run(texts, shell);
    }
    Duration elapsed = Duration.ofNanos(System.nanoTime() - startNanos);
    return new Outcome(
        status, out.toString(UTF_8), err.toString(UTF_8), elapsed, Outcome.Usage.UNKNOWN);
  }

  /**
   * Gives bytes as a pipe does: a buffer of 64 KiB at most, and never a hint of how many follow.
   */
  private static final class Pipe extends InputStream {

    private static final int CAPACITY = 64 << 10;

    private final InputStream file;

    Pipe(InputStream file) {
      this.file = file;
    }

    @Override
    public int read() throws IOException {
      return file.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return file.read(bytes, offset, Math.min(length, CAPACITY));
    }
  }
}
