package io.gantry.cli;

import io.gantry.format.Format;
import io.gantry.format.OpenOptions;
import io.gantry.image.Limits;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The options that say how an image is opened, the same for every command that opens one. */
final class ImageOptions {

  static final OptionSpec SOURCE_FORMAT =
      OptionSpec.choice(
              "source-format", formatIds(), "Take the image as this format; told by magic")
          .withLetter("f");
  static final OptionSpec SNAPSHOT =
      OptionSpec.value("snapshot", "NAME|ID", "Read this internal snapshot, not the active layer");
  static final OptionSpec ALLOW_BACKING =
      OptionSpec.flag("allow-backing", "Follow backing file names in the image (local paths only)");
  static final OptionSpec ALLOW_DATA_FILE =
      OptionSpec.flag("allow-data-file", "Follow an external data file name (local paths only)");

  static final OptionGroup GROUP =
      new OptionGroup("Image", SOURCE_FORMAT, SNAPSHOT, ALLOW_BACKING, ALLOW_DATA_FILE);

  private ImageOptions() {}

  /** Returns what the arguments ask for. */
  static OpenOptions openOptions(Arguments arguments) {
    return openOptions(arguments, SOURCE_FORMAT, arguments.value(SNAPSHOT.name()));
  }

  /** Returns what they ask for, for one of two images. */
  static OpenOptions openOptions(
      Arguments arguments, OptionSpec formatOption, Optional<String> snapshot) {
    return new OpenOptions(
        arguments.value(formatOption.name()).map(ImageOptions::format),
        snapshot,
        arguments.has(ALLOW_BACKING.name()),
        arguments.has(ALLOW_DATA_FILE.name()),
        Limits.DEFAULT);
  }

  private static Format format(String id) {
    Optional<Format> named =
        Arrays.stream(Format.values()).filter(format -> format.id().equals(id)).findFirst();
    return named.orElseThrow(() -> new UsageException("unknown format \"" + id + "\""));
  }

  private static String formatIds() {
    return Arrays.stream(Format.values())
        .filter(Format::decoded)
        .map(Format::id)
        .collect(Collectors.joining("|"));
  }
}
