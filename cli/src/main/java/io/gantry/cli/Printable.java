package io.gantry.cli;

/** Text that may come from a stranger, made safe for one line of a terminal. */
final class Printable {

  private Printable() {}

  /**
   * Returns {@code text} with control characters replaced: names stored in an image could hold
   * escape sequences, or line ends that fake a line of ours.
   */
  static String of(String text) {
    if (text.chars().noneMatch(Character::isISOControl)) {
      return text;
    }
    StringBuilder line = new StringBuilder();
    text.chars().forEach(c -> line.append(Character.isISOControl(c) ? '?' : (char) c));
    return line.toString();
  }
}
