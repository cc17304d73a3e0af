package io.gantry.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One line of the corpus's manifest.
 *
 * @param virtualSize guest-visible bytes, or -1 if nobody knows
 * @param nz64k digest of {@link SparseFile#nz64k}, or {@code -} if nobody knows
 * @param needs what a reader has to be given or allowed
 */
record CorpusRow(
    String id,
    Path image,
    String format,
    String tier,
    Outcomes outcome,
    long virtualSize,
    String nz64k,
    List<String> needs,
    String cause) {

  /** What may come of it. */
  enum Outcomes {
    OK,
    REJECT,
    EITHER,
    LIMIT
  }

  private static final String NOTHING = "-";

  /** Reads a line of tab-separated fields, in the order of the header. */
  static CorpusRow parse(String line, Path corpus) {
    String[] fields = line.split("\t", -1);
    List<String> needs =
        fields[8].equals(NOTHING) ? List.of() : Arrays.asList(fields[8].split(",", -1));
    return new CorpusRow(
        fields[0],
        corpus.resolve(fields[1]),
        fields[2],
        fields[3],
        outcome(fields[4], needs),
        fields[5].equals(NOTHING) ? -1 : Long.parseLong(fields[5]),
        fields[7],
        needs,
        fields[9]);
  }

  /** We take no passphrases: without one an encrypted image must be refused. */
  private static Outcomes outcome(String word, List<String> needs) {
    return needs.stream().anyMatch(need -> need.startsWith("passphrase="))
        ? Outcomes.REJECT
        : Outcomes.valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** Returns the options of {@code gantry convert} that the row asks for. */
  List<String> options() {
    List<String> options = new ArrayList<>(List.of("--source-format", format));
    for (String need : needs) {
      switch (need) {
        case "backing" -> options.add("--allow-backing");
        case "data-file" -> options.add("--allow-data-file");
        default -> {
          if (need.startsWith("snapshot=")) {
            options.addAll(List.of("--snapshot", need.substring("snapshot=".length())));
          }
        }
      }
    }
    return options;
  }

  /** Says whether the image names files beside it that a reader has to follow. */
  boolean namesOtherFiles() {
    return needs.contains("backing") || needs.contains("data-file");
  }

  /** Returns how long the finished disk must be: sectors are never cut. */
  long diskSize() {
    return (virtualSize + 511) / 512 * 512;
  }

  @Override
  public String toString() {
    return id;
  }
}
