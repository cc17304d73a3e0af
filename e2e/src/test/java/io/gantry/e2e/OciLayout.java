package io.gantry.e2e;

import io.gantry.testkit.ContainerImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Puts a layer that some tool made into a layout that skopeo takes. */
final class OciLayout {

  private static final Map<Integer, String> TYPES =
      Map.of(
          0x1f, "application/vnd.oci.image.layer.v1.tar+gzip",
          0x28, "application/vnd.oci.image.layer.v1.tar+zstd");

  private OciLayout() {}

  /** Writes an image with one layer, called by its right media type, into a new directory. */
  static Path write(Path directory, Path layer) throws IOException {
    byte[] bytes = Files.readAllBytes(layer);
    String type = TYPES.getOrDefault(bytes[0] & 0xff, "application/vnd.oci.image.layer.v1.tar");
    return ContainerImage.builder().layer(bytes, type).build().writeDirectory(directory);
  }
}
