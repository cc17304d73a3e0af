package io.gantry.cli;

/** Completion for fish: one line an option. */
final class FishCompletion {

  private FishCompletion() {}

  static String script() {
    StringBuilder script = new StringBuilder("# fish completion for gantry\n");
    for (String name : Commands.NAMES) {
      Command command = Commands.require(name);
      script.append("complete -c gantry -n __fish_use_subcommand -f -a ").append(name);
      script.append(" -d ").append(quoted(command.summary())).append('\n');
    }
    Commands.NAMES.forEach(name -> command(script, Commands.require(name)));
    return script.toString();
  }

  private static void command(StringBuilder script, Command command) {
    String condition = "-n '__fish_seen_subcommand_from " + command.name() + "'";
    command.options().forEach(option -> option(script, condition, option));
    switch (command.name()) {
      case "help" -> words(script, condition, String.join(" ", Commands.NAMES));
      case "completion" -> words(script, condition, "bash zsh fish");
      default -> {}
    }
  }

  private static void option(StringBuilder script, String condition, OptionSpec option) {
    script.append("complete -c gantry ").append(condition).append(" -l ").append(option.name());
    option.letter().ifPresent(letter -> script.append(" -s ").append(letter));
    if (option.valueName().isPresent()) {
      script.append(option.namesPath() ? " -r" : " -x");
    }
    if (!option.choices().isEmpty()) {
      script.append(" -a ").append(quoted(String.join(" ", option.choices())));
    }
    script.append(" -d ").append(quoted(option.description())).append('\n');
  }

  private static void words(StringBuilder script, String condition, String words) {
    script.append("complete -c gantry ").append(condition).append(" -f -a ");
    script.append(quoted(words)).append('\n');
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
