package io.gantry.cli;

import java.util.List;

/** {@code gantry help}. */
final class HelpCommand implements Command {

  @Override
  public String name() {
    return "help";
  }

  @Override
  public String summary() {
    return "Show help, for everything or for one command";
  }

  @Override
  public List<String> operands() {
    return List.of("[COMMAND]");
  }

  @Override
  public List<OptionGroup> optionGroups() {
    return List.of();
  }

  @Override
  public String notes() {
    return """
    Example:
      gantry help convert
    """;
  }

  @Override
  public ExitStatus run(Arguments arguments, Shell shell) {
    String text =
        arguments.operands().isEmpty()
            ? HelpText.overview()
            : HelpText.of(Commands.require(arguments.operand(0)));
    shell.out().print(text);
    return ExitStatus.DONE;
  }
}
