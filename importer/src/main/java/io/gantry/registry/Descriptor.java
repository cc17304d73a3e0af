package io.gantry.registry;

import io.gantry.image.MalformedImageException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How one document points to another, or to a blob (OCI image-spec, descriptor.md).
 *
 * @param size bytes that it has
 * @param urls where else a blob may be had, usually nowhere
 * @param platform in an index, what the image is for
 */
record Descriptor(
    String mediaType,
    Digest digest,
    long size,
    List<URI> urls,
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
        addresses(fields.texts("urls")),
        platform.isPresent() ? Optional.of(Platform.of(platform.get())) : Optional.empty(),
        fields.textMap("annotations"));
  }

  /** What is no address in the web is left out. */
  private static List<URI> addresses(List<String> urls) {
    List<URI> addresses = new ArrayList<>();
    for (String url : urls) {
      try {
        URI address = new URI(url);
        if ("https".equals(address.getScheme()) || "http".equals(address.getScheme())) {
          addresses.add(address);
        }
      } catch (URISyntaxException _) {
        // somebody else's mistake, and the registry may have the blob nevertheless
      }
    }
    return List.copyOf(addresses);
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
