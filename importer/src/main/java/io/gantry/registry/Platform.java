package io.gantry.registry;

import io.gantry.image.MalformedImageException;
import java.util.Locale;

/**
 * What an image of an index was built for (OCI image-spec, image-index.md).
 *
 * @param architecture as Go names it: {@code amd64}, {@code arm64}
 * @param variant of the architecture; usually empty
 */
record Platform(String os, String architecture, String variant) {

  static Platform of(JsonFields fields) throws MalformedImageException {
    return new Platform(
        fields.text("os").orElse(""),
        fields.text("architecture").orElse(""),
        fields.text("variant").orElse(""));
  }

  /** Returns the architecture that this program runs on, as Go names it. */
  static String ownArchitecture() {
    String name = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    return switch (name) {
      case "x86_64", "x64" -> "amd64";
      case "aarch64" -> "arm64";
      case "x86", "i386", "i686" -> "386";
      default -> name;
    };
  }
}
