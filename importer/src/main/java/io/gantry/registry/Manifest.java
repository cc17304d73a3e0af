package io.gantry.registry;

import io.gantry.image.MalformedImageException;
import io.gantry.image.UnsupportedImageException;
import java.util.ArrayList;
import java.util.List;

/** What a reference leads to: an image, or a choice of images. */
sealed interface Manifest {

  /** Bytes that a manifest may have; registries take up to 4 MiB (distribution-spec, "Push"). */
  int BYTES_MAX = 4 << 20;

  /** Layers that an image may have; overlay file systems end at some five hundred. */
  int LAYERS_MAX = 1000;

  /**
   * One image or artifact (OCI image-spec, manifest.md; Docker v2 schema 2 is the same).
   *
   * @param layers base first
   */
  record Image(Descriptor config, List<Descriptor> layers) implements Manifest {}

  /**
   * Images to choose from (OCI image-spec, image-index.md; Docker calls it a manifest list).
   *
   * @param docker whether it is Docker's
   */
  record Index(boolean docker, List<Descriptor> manifests) implements Manifest {

    /** Returns what messages call it. */
    String kind() {
      return docker ? "manifest list" : "image index";
    }
  }

  /**
   * Parses a manifest of any kind that is still in use.
   *
   * @param servedAs the media type it came with, empty if none; what it says of itself counts more
   */
  static Manifest parse(byte[] document, String servedAs)
      throws MalformedImageException, UnsupportedImageException {
    JsonFields fields = JsonFields.parse(document, "the manifest");
    String mediaType = fields.text("mediaType").orElse(servedAs);
    if (MediaTypes.isSchema1(mediaType) || fields.has("fsLayers")) {
      throw new UnsupportedImageException(
          "the manifest is Docker's schema 1, which nothing pushes any more: push the image again");
    }
    // Two readers could each take one half of such a document (CVE-2021-41190).
    if (fields.has("manifests") && (fields.has("layers") || fields.has("config"))) {
      throw new MalformedImageException("the manifest is an image and an index at once");
    }
    return fields.has("manifests") || MediaTypes.isIndex(mediaType)
        ? index(fields, mediaType)
        : image(fields);
  }

  private static Manifest index(JsonFields fields, String mediaType)
      throws MalformedImageException {
    boolean docker = mediaType.equals(MediaTypes.DOCKER_LIST);
    return new Index(docker, descriptors(fields.objects("manifests")));
  }

  private static Manifest image(JsonFields fields) throws MalformedImageException {
    List<JsonFields> layers = fields.objects("layers");
    if (layers.size() > LAYERS_MAX) {
      throw new MalformedImageException(
          "the manifest has %d layers, at most %d are read".formatted(layers.size(), LAYERS_MAX));
    }
    JsonFields config = fields.object("config").orElseThrow(() -> fields.missing("config"));
    return new Image(Descriptor.of(config), descriptors(layers));
  }

  private static List<Descriptor> descriptors(List<JsonFields> all) throws MalformedImageException {
    List<Descriptor> descriptors = new ArrayList<>(all.size());
    for (JsonFields fields : all) {
      descriptors.add(Descriptor.of(fields));
    }
    return List.copyOf(descriptors);
  }
}
