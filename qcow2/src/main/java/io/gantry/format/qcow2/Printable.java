package io.gantry.format.qcow2;

/** Makes a stranger's text safe for one line of a terminal or a log. */
final class Printable {

  private static final int LENGTH_MAX = 200;

  private Printable() {}

  /** Returns {@code text} with control characters replaced and cut to a readable length. */
  static String of(String text) {
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .limit(LENGTH_MAX)
        .map(c -> Character.isISOControl(c) || c == 0xfffd ? '?' : c)
        .forEach(line::appendCodePoint);
    return text.codePointCount(0, text.length()) > LENGTH_MAX ? line + "…" : line.toString();
  }
}
