package io.gantry.cli;

/** Completion for zsh, by its {@code _arguments}. */
final class ZshCompletion {

  private ZshCompletion() {}

  static String script() {
    StringBuilder script = new StringBuilder("#compdef gantry\n\n_gantry() {\n");
    script.append("  local -a commands=(\n");
    for (String name : Commands.NAMES) {
      script.append("    '").append(name).append(':');
      script.append(quoted(Commands.require(name).summary())).append("'\n");
    }
    script.append(
        """
          )
          if (( CURRENT == 2 )); then
            _describe command commands
            return
          fi
          local command=$words[2]
          shift words
          (( CURRENT-- ))
          case $command in
        """);
    Commands.NAMES.forEach(name -> command(script, Commands.require(name)));
    return script.append("  esac\n}\n\n_gantry \"$@\"\n").toString();
  }

  private static void command(StringBuilder script, Command command) {
    script.append("    ").append(command.name()).append(") _arguments \\\n");
    command.options().forEach(option -> option(script, option));
    String operands =
        switch (command.name()) {
          case "help" -> "'1:command:(" + String.join(" ", Commands.NAMES) + ")'";
          case "completion" -> "'1:shell:(bash zsh fish)'";
          default -> "'*:file:_files'";
        };
    script.append("      ").append(operands).append(" ;;\n");
  }

  private static void option(StringBuilder script, OptionSpec option) {
    script.append("      '").append(option.repeatable() ? "*" : "").append(option);
    script.append('[').append(quoted(option.description())).append(']');
    option.valueName().ifPresent(value -> script.append(":value:").append(action(option)));
    script.append("' \\\n");
  }

  private static String action(OptionSpec option) {
    if (!option.choices().isEmpty()) {
      return "(" + String.join(" ", option.choices()) + ")";
    }
    return option.namesPath() ? "_files" : "";
  }

  private static String quoted(String text) {
    return text.replace("'", "'\\''").replace("[", "\\[").replace("]", "\\]").replace(":", "\\:");
  }
}
