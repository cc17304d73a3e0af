package io.gantry.registry;

import io.gantry.image.MalformedImageException;
import java.util.Map;
import java.util.Optional;

/**
 * How one document points to another, or to a blob (OCI image-spec, descriptor.md).
 *
 * @param size bytes that it has
 * @param platform in an index, what the image is for
 */
record Descriptor(
    String mediaType,
    Digest digest,
    long size,
    Optional<Platform> platform,
    Map<String, String> annotations) {

  /** The tag of an image in a layout (image-layout.md, "index.json"). */
  private static final String REF_NAME = "org.opencontainers.image.ref.name";

  static Descriptor of(JsonFields fields) throws MalformedImageException {
    long size = fields.number("size").orElseThrow(() -> fields.missing("size"));
    if (size < 0) {
      throw new MalformedImageException("a descriptor has size " + size);
    }
    Optional<JsonFields> platform = fields.object("platform");
    return new Descriptor(
        fields.text("mediaType").orElse(""),
        digest(fields.requiredText("digest")),
        size,
        platform.isPresent() ? Optional.of(Platform.of(platform.get())) : Optional.empty(),
        fields.textMap("annotations"));
  }

  private static Digest digest(String text) throws MalformedImageException {
    try {
      return Digest.parse(text);
    } catch (IllegalArgumentException e) {
      throw new MalformedImageException("a descriptor's " + e.getMessage(), e);
    }
  }

  Optional<String> tag() {
    return Optional.ofNullable(annotations.get(REF_NAME));
  }
}
