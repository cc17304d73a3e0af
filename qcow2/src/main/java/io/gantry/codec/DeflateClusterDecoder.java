package io.gantry.codec;

import io.gantry.image.MalformedImageException;

/**
 * Decodes clusters of raw deflate (RFC 1951).
 *
 * <p>Like QEMU's reader, it is content when the cluster is full: the stream may go on, and what
 * lies behind it in the sector is never looked at.
 */
final class DeflateClusterDecoder implements ClusterDecoder {

  private final Inflate inflate = new Inflate();

  @Override
  public void decode(
      byte[] src, int srcOffset, int srcLength, byte[] dst, int dstOffset, int dstLength)
      throws MalformedImageException {
    Inflate inflate = this.inflate;
    inflate.reset();
    inflate.in = src;
    inflate.inPos = srcOffset;
    inflate.inEnd = srcOffset + srcLength;
    inflate.inComplete = true;
    inflate.out = dst;
    inflate.outStart = dstOffset;
    inflate.outPos = dstOffset;
    inflate.outEnd = dstOffset + dstLength;
    inflate.run();
    if (inflate.outPos < inflate.outEnd) {
      throw new MalformedImageException(
          "deflate data of %d bytes decodes to %d bytes, must be %d"
              .formatted(srcLength, inflate.outPos - dstOffset, dstLength));
    }
  }
}
