package io.gantry.runtime;

import java.util.Optional;
import java.util.Set;

/** Values in the notation of the control plane, which is written in Go (package strconv). */
public final class GoValues {

  private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");
  private static final Set<String> FALSE = Set.of("0", "f", "F", "false", "FALSE", "False");

  private GoValues() {}

  /** Parses as {@code strconv.ParseBool}: empty when it would return an error. */
  public static Optional<Boolean> parseBool(String text) {
    if (TRUE.contains(text)) {
      return Optional.of(true);
    }
    return FALSE.contains(text) ? Optional.of(false) : Optional.empty();
  }

  /** Parses decimal and exponent notation, or returns 0, as the workers always did. */
  public static double parseFloatOrZero(String text) {
    if (!text.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?")) {
      return 0;
    }
    double value = Double.parseDouble(text);
    return Double.isFinite(value) ? value : 0;
  }
}
