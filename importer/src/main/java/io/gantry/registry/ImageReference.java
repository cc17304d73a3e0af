package io.gantry.registry;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Where a container image is. */
public sealed interface ImageReference {

  /** An image in a registry. */
  record Registry(DockerName name) implements ImageReference {}

  /** An image in a tar of an OCI layout. */
  record Archive(Path file, Optional<String> tag) implements ImageReference {}

  /** An image in a directory that is an OCI layout. */
  record Layout(Path directory, Optional<String> tag) implements ImageReference {}

  /**
   * Parses {@code docker://[REGISTRY/]REPOSITORY[:TAG][@DIGEST]}, {@code oci-archive:FILE[:TAG]} or
   * {@code oci:DIRECTORY[:TAG]}. The texts of refusals are those that users of CDI know.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  static ImageReference parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException(
          "Invalid image name \"%s\", expected colon-separated transport:reference"
              .formatted(text));
    }
    String rest = text.substring(colon + 1);
    return switch (text.substring(0, colon)) {
      case "docker" -> registry(rest);
      case "oci-archive" -> new Archive(path(rest), tag(rest));
      case "oci" -> new Layout(path(rest), tag(rest));
      default ->
          throw new IllegalArgumentException(
              "Invalid image name \"%s\", unknown transport".formatted(text));
    };
  }

  private static ImageReference registry(String rest) {
    if (!rest.startsWith("//")) {
      throw new IllegalArgumentException(
          "docker: image reference %s does not start with //".formatted(rest));
    }
    return new Registry(DockerName.parse(rest.substring(2)));
  }

  private static Path path(String rest) {
    String path = rest.split(":", 2)[0];
    if (path.isEmpty()) {
      throw new IllegalArgumentException("the image reference names no file");
    }
    try {
      return Path.of(path);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("%s: %s".formatted(path, e.getReason()), e);
    }
  }

  private static Optional<String> tag(String rest) {
    int colon = rest.indexOf(':');
    return Optional.of(colon < 0 ? "" : rest.substring(colon + 1)).filter(tag -> !tag.isEmpty());
  }
}
