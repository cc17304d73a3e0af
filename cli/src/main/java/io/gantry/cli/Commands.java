package io.gantry.cli;

import java.util.List;
import java.util.Optional;

/** The subcommands; only the one asked for is ever made. */
final class Commands {

  /** In the order of help. */
  static final List<String> NAMES =
      List.of("convert", "import", "explain", "info", "map", "compare", "help", "completion");

  private Commands() {}

  static Optional<Command> named(String name) {
    return Optional.ofNullable(
        switch (name) {
          case "convert" -> new ConvertCommand();
          case "import" -> new ImportCommand();
          case "explain" -> new ExplainCommand();
          case "info" -> new InfoCommand();
          case "map" -> new MapCommand();
          case "compare" -> new CompareCommand();
          case "help" -> new HelpCommand();
          case "completion" -> new CompletionCommand();
          default -> null;
        });
  }

  /**
   * Returns the command of that name.
   *
   * @throws UsageException when there is none, with the nearest one
   */
  static Command require(String name) {
    return named(name)
        .orElseThrow(
            () ->
                new UsageException(
                    "unknown command \"%s\"%s"
                        .formatted(
                            name,
                            Suggestion.nearest(name, NAMES)
                                .map(nearest -> ", did you mean " + nearest + "?")
                                .orElse(""))));
  }
}
