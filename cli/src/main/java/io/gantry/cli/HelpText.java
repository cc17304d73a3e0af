package io.gantry.cli;

import java.util.List;
import java.util.stream.Stream;

/** Help, made from what the commands say of themselves. */
final class HelpText {

  /** Options are described in this column, or on the next line when they are longer. */
  private static final int DESCRIPTION_COLUMN = 32;

  private HelpText() {}

  /** Returns what {@code gantry help} prints. */
  static String overview() {
    StringBuilder text = new StringBuilder();
    text.append("Usage: gantry COMMAND [OPTIONS] ...\n\nCommands:\n");
    for (String name : Commands.NAMES) {
      entry(text, name, Commands.require(name).summary());
    }
    text.append("\nOptions:\n");
    entry(text, "-h, --help", "Show this help");
    entry(text, "-V, --version", "Show the version");
    return text.append("\nSee gantry help COMMAND for what a command takes.\n").toString();
  }

  /** Returns what {@code gantry help COMMAND} prints. */
  static String of(Command command) {
    StringBuilder text = new StringBuilder();
    text.append("Usage: gantry ").append(command.name()).append(" [OPTIONS] ");
    text.append(String.join(" ", command.operands())).append("\n\n");
    text.append(command.summary()).append(".\n");
    for (OptionGroup group : groups(command)) {
      text.append('\n').append(group.title()).append(":\n");
      for (OptionSpec option : group.options()) {
        entry(text, option.label(), option.description());
      }
    }
    return text.append('\n').append(command.notes()).toString();
  }

  /** Returns the exit status list that the notes of a command end with. */
  static String exitStatuses(List<ExitStatus> statuses) {
    StringBuilder text = new StringBuilder("Exit status:\n");
    for (ExitStatus status : statuses) {
      text.append("  ").append(status.code()).append("  ").append(status.meaning()).append('\n');
    }
    return text.toString();
  }

  private static List<OptionGroup> groups(Command command) {
    return Stream.concat(command.optionGroups().stream(), Stream.of(Command.GENERAL)).toList();
  }

  private static void entry(StringBuilder text, String label, String description) {
    text.append("  ").append(label);
    int column = 2 + label.length();
    if (column > DESCRIPTION_COLUMN - 2) {
      text.append('\n');
      column = 0;
    }
    text.append(" ".repeat(DESCRIPTION_COLUMN - column)).append(description).append('\n');
  }
}
