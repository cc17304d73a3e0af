package io.gantry.image;

/** How the clusters of an image are compressed. */
public enum ClusterCompression {
  /** Raw deflate, RFC 1951, no wrapper and no checksum. */
  DEFLATE,
  /** One or more whole zstd frames, RFC 8878. */
  ZSTD
}
