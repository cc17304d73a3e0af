package io.gantry.cli;

import java.util.List;

/** {@code gantry completion}: a script for the user's shell. */
final class CompletionCommand implements Command {

  @Override
  public String name() {
    return "completion";
  }

  @Override
  public String summary() {
    return "Print a completion script for bash, zsh or fish";
  }

  @Override
  public List<String> operands() {
    return List.of("bash|zsh|fish");
  }

  @Override
  public List<OptionGroup> optionGroups() {
    return List.of();
  }

  @Override
  public String notes() {
    return """
    Examples:
      gantry completion bash > /etc/bash_completion.d/gantry
      gantry completion zsh > "${fpath[1]}/_gantry"
      gantry completion fish > ~/.config/fish/completions/gantry.fish
    """;
  }

  @Override
  public ExitStatus run(Arguments arguments, Shell shell) {
    String script =
        switch (arguments.operand(0)) {
          case "bash" -> BashCompletion.script();
          case "zsh" -> ZshCompletion.script();
          case "fish" -> FishCompletion.script();
          case String other ->
              throw new UsageException(
                  "no completion for \"%s\", there is one for bash, zsh and fish".formatted(other));
        };
    shell.out().print(script);
    return ExitStatus.DONE;
  }
}
