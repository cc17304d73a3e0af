package io.gantry.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An option of a command. Parsing, help and shell completion all read it here.
 *
 * @param name long name, without dashes
 * @param letter short name, without dash
 * @param valueName what its value stands for; none for a switch
 * @param choices the only values allowed, when there are few
 * @param repeatable may be given several times
 * @param description for help, one sentence without a full stop
 */
record OptionSpec(
    String name,
    Optional<String> letter,
    Optional<String> valueName,
    List<String> choices,
    boolean repeatable,
    String description) {

  /** An option without a value. */
  static OptionSpec flag(String name, String description) {
    return new OptionSpec(name, Optional.empty(), Optional.empty(), List.of(), false, description);
  }

  /** An option with a value. */
  static OptionSpec value(String name, String valueName, String description) {
    return new OptionSpec(
        name, Optional.empty(), Optional.of(valueName), List.of(), false, description);
  }

  /** An option whose value is one of {@code choices}, separated by bars. */
  static OptionSpec choice(String name, String choices, String description) {
    return new OptionSpec(
        name,
        Optional.empty(),
        Optional.of(choices),
        List.of(choices.split("\\|")),
        false,
        description);
  }

  /** Returns the same option with a short name. */
  OptionSpec withLetter(String shortName) {
    return new OptionSpec(
        name, Optional.of(shortName), valueName, choices, repeatable, description);
  }

  /** Returns the same option, allowed more than once. */
  OptionSpec severalTimes() {
    return new OptionSpec(name, letter, valueName, choices, true, description);
  }

  /** Says whether the value names a file or directory, for completion. */
  boolean namesPath() {
    return valueName.filter(value -> value.equals("FILE") || value.equals("DIR")).isPresent();
  }

  /** Returns how help writes it: {@code -f, --source-format FORMAT}. */
  String label() {
    String text = letter.map(shortName -> "-" + shortName + ", ").orElse("") + "--" + name;
    return valueName.map(value -> text + " " + value).orElse(text);
  }

  @Override
  public String toString() {
    return "--" + name.toLowerCase(Locale.ROOT);
  }
}
