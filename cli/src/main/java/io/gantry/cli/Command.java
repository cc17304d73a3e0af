package io.gantry.cli;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** One subcommand: what it is called, what it takes, what it does. */
interface Command {

  /** Options that every command has. */
  OptionGroup GENERAL =
      new OptionGroup(
          "General",
          OptionSpec.flag("verbose", "Show the stack trace of a failure, and what libraries log"),
          OptionSpec.flag("help", "Show this help").withLetter("h"));

  String name();

  /** Returns what it does, in a line of help. */
  String summary();

  /** Returns the operands by name, all of them required; one in brackets is optional. */
  List<String> operands();

  /** Returns the options of its own, by the headings of help. */
  List<OptionGroup> optionGroups();

  /** Returns what help says below the options: units, examples, exit status. */
  String notes();

  /** Runs it. Failures are exceptions; {@link ExitStatus#of} knows what each one means. */
  ExitStatus run(Arguments arguments, Shell shell) throws IOException;

  /** Says what a failure means; only a command whose own answers are numbers differs. */
  default ExitStatus statusOf(Throwable failure) {
    return ExitStatus.of(failure);
  }

  /** Returns all options, the general ones last. */
  default Stream<OptionSpec> options() {
    return Stream.concat(optionGroups().stream(), Stream.of(GENERAL))
        .flatMap(group -> group.options().stream());
  }
}
