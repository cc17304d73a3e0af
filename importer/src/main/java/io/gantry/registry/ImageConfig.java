package io.gantry.registry;

import io.gantry.image.MalformedImageException;
import io.gantry.image.UnsupportedImageException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an image says about itself (OCI image-spec, config.md).
 *
 * @param architecture as Go names it; empty where it is not told
 * @param environment {@code NAME=value}
 */
record ImageConfig(String architecture, Map<String, String> labels, List<String> environment) {

  /** Bytes that a config may have, history of all layers included. */
  static final int BYTES_MAX = 8 << 20;

  /** Artifacts have no config of an image. */
  static final ImageConfig NONE = new ImageConfig("", Map.of(), List.of());

  static ImageConfig parse(byte[] document) throws MalformedImageException {
    JsonFields fields = JsonFields.parse(document, "the image config");
    Optional<JsonFields> run = fields.object("config");
    return new ImageConfig(
        fields.text("architecture").orElse(""),
        run.isPresent() ? run.get().textMap("Labels") : Map.of(),
        run.isPresent() ? List.copyOf(run.get().texts("Env")) : List.of());
  }

  /** Refuses an image for another architecture than the user asked for. */
  void requireArchitecture(String requested) throws UnsupportedImageException {
    if (!architecture.equals(requested)) {
      throw new UnsupportedImageException(
          ("Error validating architecture: manifest image architecture: \"%s\" doesn't match"
                  + " requested architecture: \"%s\"")
              .formatted(architecture, requested));
    }
  }

  /**
   * Refuses a bootable container: it holds the files of an operating system, and no disk. Both
   * labels are those that bootc's own base images have.
   */
  void refuseBootc() throws UnsupportedImageException {
    for (String label : List.of("containers.bootc", "ostree.bootable")) {
      if ("1".equals(labels.get(label))) {
        throw new UnsupportedImageException(
            ("bootc image detected: label %s=1; it holds the files of a system and no disk, make"
                    + " one of it with bootc-image-builder")
                .formatted(label));
      }
    }
  }
}
