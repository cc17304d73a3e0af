package io.gantry.registry;

import io.gantry.image.UnsupportedImageException;
import java.util.List;
import java.util.Optional;

/** Chooses one image of an index, for Linux and one architecture. */
record PlatformChoice(String architecture) {

  private static final String OS = "linux";

  /** Takes the first image without a variant, then the variant that every arm64 has. */
  Descriptor from(Manifest.Index index) throws UnsupportedImageException {
    List<String> variants = architecture.equals("arm64") ? List.of("", "v8") : List.of("");
    for (String variant : variants) {
      Platform wanted = new Platform(OS, architecture, variant);
      for (Descriptor image : index.manifests()) {
        if (image.platform().equals(Optional.of(wanted))) {
          return image;
        }
      }
    }
    // An index of one's own making often says nothing about platforms; Docker's lists must.
    return index.manifests().stream()
        .filter(image -> !index.docker() && image.platform().isEmpty())
        .findFirst()
        .orElseThrow(() -> noImage(index));
  }

  private UnsupportedImageException noImage(Manifest.Index index) {
    return new UnsupportedImageException(
        ("Error retrieving image: choosing image instance: no image found in %s for architecture"
                + " \"%s\", variant \"\", OS \"%s\"")
            .formatted(index.kind(), architecture, OS));
  }
}
