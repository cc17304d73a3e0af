package io.gantry.cli;

/** The option that chooses between output for people and for programs. */
final class OutputOption {

  static final OptionSpec OUTPUT =
      OptionSpec.choice("output", "human|json", "Print the result for people or programs; human");

  private OutputOption() {}

  static boolean json(Arguments arguments) {
    return arguments.valueOr(OUTPUT.name(), "human").equals("json");
  }
}
