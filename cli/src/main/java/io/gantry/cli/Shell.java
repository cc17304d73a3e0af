package io.gantry.cli;

import io.gantry.runtime.Env;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the shell gave us. A record, so that tests run the whole command without a process.
 *
 * @param stdin bytes piped in
 * @param out results
 * @param err progress and errors
 * @param env the environment
 * @param errIsTerminal whether somebody is watching {@code err}
 */
public record Shell(
    ReadableByteChannel stdin, PrintStream out, PrintStream err, Env env, boolean errIsTerminal) {

  /**
   * Returns the shell of this process.
   *
   * <p>Standard input is a channel over the file descriptor: {@code System.in} would copy every
   * byte twice more. Only Linux tells us what standard error is without native code; elsewhere
   * {@code System.console()} answers for standard input and output instead.
   */
  static Shell ofProcess() {
    return new Shell(
        new FileInputStream(FileDescriptor.in).getChannel(),
        System.out,
        System.err,
        Env.of(System.getenv()),
        watched());
  }

  private static boolean watched() {
    Path link = Path.of("/proc/self/fd/2");
    try {
      String file = Files.readSymbolicLink(link).toString();
      return file.startsWith("/dev/pts/") || file.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }
  }
}
