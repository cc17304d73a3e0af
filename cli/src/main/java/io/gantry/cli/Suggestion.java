package io.gantry.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The word somebody probably meant. */
final class Suggestion {

  private Suggestion() {}

  /** Returns the candidate nearest to {@code given}, if at most a third of its letters differ. */
  static Optional<String> nearest(String given, Collection<String> candidates) {
    int typingErrorsMax = Math.max(1, given.length() / 3);
    return candidates.stream()
        .filter(candidate -> distance(given, candidate) <= typingErrorsMax)
        .min(Comparator.comparingInt(candidate -> distance(given, candidate)));
  }

  /** Returns the Levenshtein distance, by one row of its matrix at a time. */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int column = 0; column <= b.length(); column++) {
      row[column] = column;
    }
    for (int line = 1; line <= a.length(); line++) {
      int diagonal = row[0];
      row[0] = line;
      for (int column = 1; column <= b.length(); column++) {
        int substituted = diagonal + (a.charAt(line - 1) == b.charAt(column - 1) ? 0 : 1);
        diagonal = row[column];
        row[column] = Math.min(substituted, 1 + Math.min(row[column], row[column - 1]));
      }
    }
    return row[b.length()];
  }
}
