package io.gantry.codec;

import io.gantry.image.ClusterCompression;
import io.gantry.image.Limits;

/** Makes the decoder that belongs to the compression an image names in its header. */
public final class ClusterDecoders {

  private ClusterDecoders() {}

  /** Returns a decoder for one thread; whoever asked for it closes it. */
  public static ClusterDecoder create(ClusterCompression compression, Limits limits) {
    return switch (compression) {
      case DEFLATE -> new DeflateClusterDecoder();
      case ZSTD -> new ZstdClusterDecoder(limits);
    };
  }
}
