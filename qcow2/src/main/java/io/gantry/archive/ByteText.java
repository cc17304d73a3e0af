package io.gantry.archive;

import java.nio.charset.StandardCharsets;

/**
 * Names as a tar archive has them: bytes, in any charset or none. They are kept in strings with one
 * char a byte, which is what ISO-8859-1 makes of them; so nothing is lost on the way to the kernel.
 */
final class ByteText {

  private static final int SHOWN_MAX = 200;

  private ByteText() {}

  static String of(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }

  /**
   * Returns the bytes between {@code from} and the first NUL before {@code to}, if there is one.
   */
  static String upToNul(byte[] bytes, int from, int to) {
    int end = from;
    while (end < to && bytes[end] != 0) {
      end++;
    }
    return of(bytes, from, end);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Returns {@code text} for people: as UTF-8 if it is, on one line, and not too long. */
  static String shown(String text) {
    String decoded = new String(bytes(text), StandardCharsets.UTF_8);
    StringBuilder line = new StringBuilder("\"");
    decoded.codePoints().limit(SHOWN_MAX).forEach(c -> appendPrintable(line, c));
    return line.append(decoded.codePointCount(0, decoded.length()) > SHOWN_MAX ? "…\"" : "\"")
        .toString();
  }

  private static void appendPrintable(StringBuilder line, int codePoint) {
    switch (Character.getType(codePoint)) {
      case Character.CONTROL ->
          line.append(codePoint == '\n' ? "\\n" : "\\%03o".formatted(codePoint));
      // Some of them turn the direction of the line, or hide.
      case Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          line.append('?');
      default -> {
        if (codePoint == '"' || codePoint == '\\') {
          line.append('\\');
        }
        line.appendCodePoint(codePoint);
      }
    }
  }
}
