package io.gantry.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** The {@code gantry} command, as a function from words to an exit status. */
public final class Gantry {

  private Gantry() {}

  /**
   * Runs one command line.
   *
   * <p>Never exits the process and never throws: what went wrong is one line on {@code shell.err()}
   * and a status of {@link ExitStatus}.
   *
   * @return the exit status of the process
   */
  public static int run(List<String> words, Shell shell) {
    int status = runWords(words, shell);
    if (status == ExitStatus.DONE.code() && shell.out().checkError()) {
      ErrorLine.print(
          shell.err(), "standard output: cannot be written (is it full, or its reader gone?)");
      return ExitStatus.FAILED.code();
    }
    return status;
  }

  private static int runWords(List<String> words, Shell shell) {
    if (words.isEmpty()) {
      shell.err().print(HelpText.overview());
      return ExitStatus.USAGE.code();
    }
    return switch (words.getFirst()) {
      case "--version", "-V", "version" -> {
        shell.out().println("gantry " + Version.text());
        yield ExitStatus.DONE.code();
      }
      case "--help", "-h" -> {
        shell.out().print(HelpText.overview());
        yield ExitStatus.DONE.code();
      }
      default -> runCommand(words, shell);
    };
  }

  private static int runCommand(List<String> words, Shell shell) {
    Command command;
    Arguments arguments;
    try {
      command = Commands.require(words.getFirst());
    } catch (UsageException e) {
      return refuse(e, "gantry help", shell);
    }
    List<String> rest = words.subList(1, words.size());
    if (command instanceof WorkerCommand worker && !WorkerCommand.asksForHelp(rest)) {
      return worker.run(rest, shell);
    }
    String hint = "gantry " + command.name() + " --help";
    try {
      arguments = Arguments.parse(command, rest);
      if (arguments.has("help")) {
        shell.out().print(HelpText.of(command));
        return ExitStatus.DONE.code();
      }
    } catch (UsageException e) {
      return refuse(e, hint, shell);
    }
    return run(command, arguments, hint, shell);
  }

  @SuppressWarnings("CatchAndPrintStackTrace") // That is what --verbose asks for.
  private static int run(Command command, Arguments arguments, String hint, Shell shell) {
    try {
      return command.run(arguments, shell).code();
    } catch (UsageException e) {
      return refuse(e, hint, shell);
    } catch (Throwable failure) {
      Throwable told = unwrapped(failure);
      ErrorLine.print(shell.err(), ErrorLine.describe(told));
      if (arguments.has("verbose")) {
        failure.printStackTrace(shell.err());
      }
      return command.statusOf(told).code();
    }
  }

  /** A lambda that may not throw an IOException wraps it; the wrapping tells nobody anything. */
  private static Throwable unwrapped(Throwable failure) {
    return failure instanceof UncheckedIOException && failure.getCause() instanceof IOException told
        ? told
        : failure;
  }

  private static int refuse(UsageException e, String hint, Shell shell) {
    ErrorLine.print(shell.err(), "%s (see %s)".formatted(e.getMessage(), hint));
    return ExitStatus.USAGE.code();
  }
}
