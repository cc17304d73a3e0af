package io.gantry.cli;

/** Whole numbers in options. */
final class Numbers {

  private Numbers() {}

  /**
   * Parses {@code value}, which must lie in {@code min..max}.
   *
   * @throws UsageException that names the option and the bounds
   */
  static int between(OptionSpec option, String value, int min, int max) {
    try {
      int number = Integer.parseInt(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw outside(option, value, min, max);
    }
    throw outside(option, value, min, max);
  }

  private static UsageException outside(OptionSpec option, String value, int min, int max) {
    return new UsageException(
        "%s is \"%s\", must be a number from %d to %d".formatted(option, value, min, max));
  }
}
