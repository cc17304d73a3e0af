package io.gantry.runtime;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Kubernetes resource quantity, as in {@code resources.requests.storage}: {@code 1Gi}, {@code
 * 500Mi}, {@code 1G}, {@code 1e9}, {@code 1500m}.
 */
public final class Quantity {

  /** apimachinery's grammar: a decimal number, then a suffix or an exponent, not both. */
  private static final Pattern SYNTAX =
      Pattern.compile("([+-]?(?:\\d+\\.?\\d*|\\.\\d+))([A-Za-z]{0,2}|[eE][+-]?\\d{1,3})");

  private static final Map<String, BigDecimal> SUFFIXES =
      Map.ofEntries(
          Map.entry("", BigDecimal.ONE),
          Map.entry("n", BigDecimal.ONE.scaleByPowerOfTen(-9)),
          Map.entry("u", BigDecimal.ONE.scaleByPowerOfTen(-6)),
          Map.entry("m", BigDecimal.ONE.scaleByPowerOfTen(-3)),
          Map.entry("k", BigDecimal.ONE.scaleByPowerOfTen(3)),
          Map.entry("M", BigDecimal.ONE.scaleByPowerOfTen(6)),
          Map.entry("G", BigDecimal.ONE.scaleByPowerOfTen(9)),
          Map.entry("T", BigDecimal.ONE.scaleByPowerOfTen(12)),
          Map.entry("P", BigDecimal.ONE.scaleByPowerOfTen(15)),
          Map.entry("E", BigDecimal.ONE.scaleByPowerOfTen(18)),
          Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
          Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
          Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
          Map.entry("Ti", BigDecimal.valueOf(1L << 40)),
          Map.entry("Pi", BigDecimal.valueOf(1L << 50)),
          Map.entry("Ei", BigDecimal.valueOf(1L << 60)));

  private static final BigDecimal BYTES_MAX = BigDecimal.valueOf(Long.MAX_VALUE);

  private Quantity() {}

  /**
   * Parses a quantity and rounds it up to whole bytes. Nobody has more than 2^63 - 1 of them; a
   * larger quantity is taken for that, as apimachinery does.
   *
   * @throws IllegalArgumentException when it is none, or negative
   */
  public static long parseBytes(String text) {
    Matcher matcher = SYNTAX.matcher(text);
    if (!matcher.matches()) {
      throw malformed(text);
    }
    BigDecimal bytes = new BigDecimal(matcher.group(1)).multiply(factor(text, matcher.group(2)));
    BigDecimal whole = bytes.setScale(0, RoundingMode.CEILING);
    if (whole.signum() < 0) {
      throw new IllegalArgumentException("quantity \"%s\" is negative".formatted(text));
    }
    return whole.min(BYTES_MAX).longValueExact();
  }

  private static BigDecimal factor(String text, String suffix) {
    BigDecimal factor = SUFFIXES.get(suffix);
    if (factor != null) {
      return factor;
    }
    if (suffix.length() < 2 || (suffix.charAt(0) | 0x20) != 'e' || !endsInDigit(suffix)) {
      throw malformed(text);
    }
    return BigDecimal.ONE.scaleByPowerOfTen(Integer.parseInt(suffix.substring(1)));
  }

  private static boolean endsInDigit(String suffix) {
    return Character.isDigit(suffix.charAt(suffix.length() - 1));
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        "\"%s\" is no quantity, write a number with one of Ki Mi Gi Ti Pi Ei k M G T P E"
            .formatted(text));
  }
}
