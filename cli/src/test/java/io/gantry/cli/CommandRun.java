package io.gantry.cli;

import io.gantry.runtime.Env;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** One run of the command inside the test's process: what went in and what came out. */
record CommandRun(int status, String out, String err) {

  static CommandRun of(String... words) {
    return withInput(new byte[0], words);
  }

  static CommandRun withInput(byte[] stdin, String... words) {
    return run(stdin, Map.of(), words);
  }

  static CommandRun withEnvironment(Map<String, String> variables, String... words) {
    return run(new byte[0], variables, words);
  }

  private static CommandRun run(byte[] stdin, Map<String, String> variables, String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Shell shell =
        new Shell(
            Channels.newChannel(new ByteArrayInputStream(stdin)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Env.of(variables),
            false);
    int status = Gantry.run(List.of(words), shell);
    return new CommandRun(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
