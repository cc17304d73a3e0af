package io.gantry.registry;

import io.gantry.image.MalformedImageException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The one image that a reference and an architecture lead to.
 *
 * @param layers base first
 */
record ResolvedImage(ImageConfig config, List<Descriptor> layers) {

  /** An index of an index is what tools make; deeper is a loop of somebody's making. */
  private static final int DEPTH_MAX = 4;

  /** Describes it in a line, for people. */
  String describe() {
    long bytes = layers.stream().mapToLong(Descriptor::size).sum();
    String platform = config.architecture().isEmpty() ? "" : " for " + config.architecture();
    return "image%s with %d layers of %d bytes".formatted(platform, layers.size(), bytes);
  }

  /**
   * Follows indexes to an image and reads its config; no layer is touched.
   *
   * @param requested the architecture that the user insists on, if any
   */
  static ResolvedImage of(ImageStore store, Optional<String> requested) throws IOException {
    PlatformChoice choice = new PlatformChoice(requested.orElseGet(Platform::ownArchitecture));
    Manifest manifest = store.root();
    for (int depth = 0; manifest instanceof Manifest.Index index; depth++) {
      if (depth == DEPTH_MAX) {
        throw new MalformedImageException(
            "an index leads to an index more than %d times".formatted(DEPTH_MAX));
      }
      manifest = store.manifest(choice.from(index));
    }
    Manifest.Image image = (Manifest.Image) manifest;
    ImageConfig config = config(store, image.config());
    config.refuseBootc();
    if (requested.isPresent() && MediaTypes.isImageConfig(image.config().mediaType())) {
      config.requireArchitecture(requested.get());
    }
    return new ResolvedImage(config, image.layers());
  }

  private static ImageConfig config(ImageStore store, Descriptor descriptor) throws IOException {
    if (!MediaTypes.isImageConfig(descriptor.mediaType())) {
      return ImageConfig.NONE;
    }
    return ImageConfig.parse(
        WholeBlob.read(store, descriptor, ImageConfig.BYTES_MAX, "the image config"));
  }
}
