package io.gantry.registry;

import java.util.Set;

/** The media types that say what a document is (OCI image-spec, media-types.md, and Docker's). */
final class MediaTypes {

  static final String DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";

  /** What we ask for; the order is that of preference, which no registry looks at. */
  static final String ACCEPTED =
      String.join(
          ", ",
          "application/vnd.oci.image.index.v1+json",
          DOCKER_LIST,
          "application/vnd.oci.image.manifest.v1+json",
          "application/vnd.docker.distribution.manifest.v2+json");

  private static final Set<String> INDEXES =
      Set.of(DOCKER_LIST, "application/vnd.oci.image.index.v1+json");

  private static final Set<String> CONFIGS =
      Set.of(
          "application/vnd.docker.container.image.v1+json",
          "application/vnd.oci.image.config.v1+json");

  private MediaTypes() {}

  static boolean isIndex(String mediaType) {
    return INDEXES.contains(mediaType);
  }

  /** Says whether a config describes a container image; that of an artifact may be anything. */
  static boolean isImageConfig(String mediaType) {
    return CONFIGS.contains(mediaType);
  }

  /** Says whether it is the manifest of Docker before 1.10, whose layers have no sizes. */
  static boolean isSchema1(String mediaType) {
    return mediaType.startsWith("application/vnd.docker.distribution.manifest.v1+");
  }

  /** {@code ….layer.v1.tar+gzip}, {@code ….rootfs.diff.tar.gzip} and their relatives. */
  static boolean isTar(String mediaType) {
    return mediaType.matches(".*\\.tar([.+].*)?") || mediaType.endsWith("+tar");
  }
}
