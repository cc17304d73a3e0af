package io.gantry.codec;

import io.gantry.image.ClusterCompression;
import io.gantry.image.Limits;
import java.util.EnumMap;
import java.util.Map;

/** The decoders of one thread: for each compression that an image names, one when it is needed. */
public final class ClusterDecoders implements AutoCloseable {

  private final Map<ClusterCompression, ClusterDecoder> decoders =
      new EnumMap<>(ClusterCompression.class);
  private final Limits limits;

  public ClusterDecoders(Limits limits) {
    this.limits = limits;
  }

  /**
   * Returns the decoder of {@code compression}, until these are closed.
   *
   * @throws LibraryException when it is zstd and libzstd cannot be loaded
   */
  public ClusterDecoder of(ClusterCompression compression) throws LibraryException {
    ClusterDecoder decoder = decoders.get(compression);
    if (decoder == null) {
      decoder = create(compression);
      decoders.put(compression, decoder);
    }
    return decoder;
  }

  private ClusterDecoder create(ClusterCompression compression) throws LibraryException {
    return switch (compression) {
      case DEFLATE -> new DeflateClusterDecoder();
      case ZSTD -> {
        Libzstd.load();
        yield new ZstdClusterDecoder(limits);
      }
    };
  }

  @Override
  public void close() {
    decoders.values().forEach(ClusterDecoder::close);
  }

  /**
   * Begins to load what decoders of that kind need: libzstd takes a few hundredths of a second,
   * which the first decoder of all need not wait for when somebody knew before. Failing is left to
   * the decoder.
   */
  public static void prepare(ClusterCompression compression) {
    if (compression == ClusterCompression.ZSTD) {
      Thread.ofPlatform().daemon().name("load-zstd").start(ClusterDecoders::loadZstd);
    }
  }

  private static void loadZstd() {
    try {
      Libzstd.load();
    } catch (LibraryException _) {
      // The decoder fails with it, in a thread that somebody waits for.
    }
  }
}
