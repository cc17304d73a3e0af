package io.gantry.cli;

/** Completion for bash: words by position, then the option before the cursor decides. */
final class BashCompletion {

  private BashCompletion() {}

  static String script() {
    StringBuilder script = new StringBuilder();
    script.append(
        """
        # bash completion for gantry
        _gantry() {
          local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
          local command=${COMP_WORDS[1]} options=
          COMPREPLY=()
          if [ "$COMP_CWORD" -eq 1 ]; then
        """);
    script.append("    COMPREPLY=($(compgen -W \"").append(String.join(" ", Commands.NAMES));
    script.append(" --help --version\" -- \"$current\"))\n    return\n  fi\n");
    script.append("  case $command:$previous in\n");
    Commands.NAMES.forEach(name -> values(script, Commands.require(name)));
    script.append("  esac\n  case $command in\n");
    Commands.NAMES.forEach(name -> options(script, Commands.require(name)));
    script.append(
        """
          esac
          case $current in
            -*) COMPREPLY=($(compgen -W "$options" -- "$current")) ;;
            *) COMPREPLY=($(compgen -f -- "$current")) ;;
          esac
        }
        complete -o filenames -F _gantry gantry
        """);
    return script.toString();
  }

  private static void values(StringBuilder script, Command command) {
    command
        .options()
        .filter(option -> !option.choices().isEmpty())
        .forEach(
            option ->
                script.append(
                    "    %s:%s) COMPREPLY=($(compgen -W \"%s\" -- \"$current\")); return ;;%n"
                        .formatted(command.name(), option, String.join(" ", option.choices()))));
    switch (command.name()) {
      case "help" -> operand(script, "help", String.join(" ", Commands.NAMES));
      case "completion" -> operand(script, "completion", "bash zsh fish");
      default -> {}
    }
  }

  private static void operand(StringBuilder script, String command, String words) {
    script.append(
        "    %s:%s) COMPREPLY=($(compgen -W \"%s\" -- \"$current\")); return ;;%n"
            .formatted(command, command, words));
  }

  private static void options(StringBuilder script, Command command) {
    script.append("    ").append(command.name()).append(") options=\"");
    script.append(String.join(" ", command.options().map(OptionSpec::toString).toList()));
    script.append("\" ;;\n");
  }
}
