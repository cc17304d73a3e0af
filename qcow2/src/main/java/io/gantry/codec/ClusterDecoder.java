package io.gantry.codec;

import io.gantry.image.MalformedImageException;

/**
 * Decodes one compressed cluster whose decoded size is known.
 *
 * <p>Used by one thread; every worker has its own. Needs no set-up per cluster.
 */
public interface ClusterDecoder extends AutoCloseable {

  /**
   * Fills {@code dst[dstOffset, dstOffset + dstLength)} from {@code src[srcOffset, srcOffset +
   * srcLength)}. Input behind the compressed data is normal (it is padded to sectors) and ignored.
   *
   * @throws MalformedImageException when the data is corrupt, ends early or decodes to fewer bytes;
   *     {@code dst} then holds garbage
   */
  void decode(byte[] src, int srcOffset, int srcLength, byte[] dst, int dstOffset, int dstLength)
      throws MalformedImageException;

  @Override
  default void close() {}
}
