package io.gantry.codec;

import com.github.luben.zstd.ZstdDecompressCtx;
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

  /**
   * Begins to load what decoders of that kind need: libzstd takes a few hundredths of a second,
   * which the first decoder of all need not wait for when somebody knew before. Failing is left to
   * the decoder.
   */
  public static void prepare(ClusterCompression compression) {
    if (compression == ClusterCompression.ZSTD) {
      Thread.ofPlatform()
          .daemon()
          .name("load-zstd")
          .uncaughtExceptionHandler((_, _) -> {})
          .start(() -> new ZstdDecompressCtx().close());
    }
  }
}
