package io.gantry.registry;

import io.gantry.image.MalformedImageException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The one image that a reference and an architecture lead to.
 *
 * @param artifact whether it is no container image, but something else that a registry keeps
 * @param layers base first
 */
record ResolvedImage(ImageConfig config, boolean artifact, List<Descriptor> layers) {

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
    boolean chosen = false;
    for (int depth = 0; manifest instanceof Manifest.Index index; depth++) {
      if (depth == DEPTH_MAX) {
        throw new MalformedImageException(
            "an index leads to an index more than %d times".formatted(DEPTH_MAX));
      }
      Descriptor entry = choice.from(index);
      chosen |= entry.platform().isPresent();
      manifest = store.manifest(entry);
    }
    Manifest.Image image = (Manifest.Image) manifest;
    boolean artifact = !MediaTypes.isImageConfig(image.config().mediaType());
    ImageConfig config = config(store, image.config());
    config.refuseBootc();
    // An artifact has no config to say it; the index it was chosen from may have.
    if (requested.isPresent() && !(artifact && chosen)) {
      config.requireArchitecture(requested.get());
    }
    return new ResolvedImage(config, artifact, image.layers());
  }

  private static ImageConfig config(ImageStore store, Descriptor descriptor) throws IOException {
    if (!MediaTypes.isImageConfig(descriptor.mediaType())) {
      return ImageConfig.NONE;
    }
    return ImageConfig.parse(
        WholeBlob.read(store, descriptor, ImageConfig.BYTES_MAX, "the image config"));
  }
}
