package io.gantry.codec;

import io.gantry.image.Limits;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;

/**
 * Opens the decoders of what may be around an image.
 *
 * <p>Every decoder reads to the end of its input, through all members, streams or frames. It ends
 * only behind a complete and verified last one: input that is cut short anywhere, also in padding,
 * a checksum or an index, is a {@link io.gantry.image.MalformedImageException} with the compressed
 * offset. More memory than the limits allow is an {@link io.gantry.image.ImageTooLargeException},
 * before it is allocated. What reading the input throws passes unchanged.
 *
 * <p>A decoder is read by one thread. Closing it closes its input and ends its threads.
 */
public final class Decompressors {

  private Decompressors() {}

  /**
   * Opens a decoder of {@code in}, from its first byte on.
   *
   * @param name of the source, for messages
   * @param threads that may decode side by side, where the format allows it
   */
  public static ReadableByteChannel open(
      Compression compression, ReadableByteChannel in, String name, Limits limits, int threads)
      throws IOException {
    return switch (compression) {
      case GZIP -> new GzipChannel(in, name);
      case XZ -> new XzChannel(in, name, limits, threads);
      case ZSTD -> new ZstdChannel(in, name, limits);
    };
  }
}
