package io.gantry.format;

import io.gantry.image.Limits;
import java.util.Optional;

/**
 * How an image is opened.
 *
 * @param format the format, when the user names it; otherwise it is told by magic bytes
 * @param snapshot internal snapshot to read instead of the active layer, by name or ID
 * @param allowBacking follow backing file names (plain local paths only)
 * @param allowDataFile follow external data file names (plain local paths only)
 */
public record OpenOptions(
    Optional<Format> format,
    Optional<String> snapshot,
    boolean allowBacking,
    boolean allowDataFile,
    Limits limits) {

  public static final OpenOptions DEFAULT =
      new OpenOptions(Optional.empty(), Optional.empty(), false, false, Limits.DEFAULT);

  /** Returns the same options for a backing file, whose format is recorded and layer active. */
  OpenOptions withoutSnapshot() {
    return new OpenOptions(Optional.empty(), Optional.empty(), allowBacking, allowDataFile, limits);
  }
}
