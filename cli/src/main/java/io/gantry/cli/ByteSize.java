package io.gantry.cli;

import java.util.Locale;

/** Sizes as people write and read them, in powers of 1024. */
final class ByteSize {

  private static final String SUFFIXES = "BKMGTPE";
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private ByteSize() {}

  /**
   * Parses {@code 10G}, {@code 1.5T}, {@code 4096}: a decimal number and one of {@code B K M G T P
   * E} in either case, as qemu-img takes them.
   *
   * @throws UsageException when it is anything else, negative, over 2^63 - 1, or no whole number of
   *     bytes
   */
  static long parse(String text) {
    String number = text;
    int power = 0;
    if (!text.isEmpty() && Character.isLetter(text.charAt(text.length() - 1))) {
      power = SUFFIXES.indexOf(Character.toUpperCase(text.charAt(text.length() - 1)));
      number = text.substring(0, text.length() - 1);
    }
    if (power < 0 || !isDecimal(number)) {
      throw new UsageException(
          "size \"%s\" is no number of bytes with an optional K, M, G, T, P or E".formatted(text));
    }
    try {
      return new java.math.BigDecimal(number)
          .multiply(java.math.BigDecimal.valueOf(1L << (10 * power)))
          .longValueExact();
    } catch (ArithmeticException e) {
      throw new UsageException(
          "size \"%s\" is not a whole number of bytes below 8E".formatted(text));
    }
  }

  /** Returns {@code 1.5 GiB}: three digits that matter, as qemu-img prints them. */
  static String human(long bytes) {
    int power = 0;
    double scaled = bytes;
    // 999.5 would print as 1e+03 with three digits, so the next unit begins there.
    while (scaled >= 999.5 && power < UNITS.length - 1) {
      scaled /= 1024;
      power++;
    }
    return threeDigits(scaled) + " " + UNITS[power];
  }

  private static boolean isDecimal(String text) {
    int digits = 0;
    int points = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      digits += c >= '0' && c <= '9' ? 1 : 0;
      points += c == '.' ? 1 : 0;
    }
    return digits > 0 && points <= 1 && digits + points == text.length();
  }

  /** Formats like C's {@code %0.3g}. */
  private static String threeDigits(double value) {
    int decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
    if (text.indexOf('.') < 0) {
      return text;
    }
    int end = text.length();
    while (text.charAt(end - 1) == '0') {
      end--;
    }
    return text.substring(0, text.charAt(end - 1) == '.' ? end - 1 : end);
  }
}
