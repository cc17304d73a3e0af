package io.gantry.codec;

import io.gantry.image.MalformedImageException;
import java.nio.ByteBuffer;

/**
 * Decodes clusters of raw deflate (RFC 1951).
 *
 * <p>Like QEMU's reader, it is content when the cluster is full: the stream may go on, and what
 * lies behind it in the sector is never looked at.
 */
final class DeflateClusterDecoder implements ClusterDecoder {

  private final Inflate inflate = new Inflate();

  // Inflate works on arrays; these stand in for buffers that have none.
  private byte[] payload = new byte[0];
  private byte[] decoded = new byte[0];

  @Override
  public void decode(ByteBuffer src, ByteBuffer dst) throws MalformedImageException {
    inflate.reset();
    readFrom(src);
    if (dst.hasArray()) {
      run(dst.array(), dst.arrayOffset() + dst.position(), dst.remaining(), src.remaining());
      return;
    }
    int length = dst.remaining();
    if (decoded.length < length) {
      decoded = new byte[length];
    }
    run(decoded, 0, length, src.remaining());
    dst.put(dst.position(), decoded, 0, length);
  }

  private void readFrom(ByteBuffer src) {
    int length = src.remaining();
    if (src.hasArray()) {
      inflate.in = src.array();
      inflate.inPos = src.arrayOffset() + src.position();
    } else {
      if (payload.length < length) {
        payload = new byte[length];
      }
      src.get(src.position(), payload, 0, length);
      inflate.in = payload;
      inflate.inPos = 0;
    }
    inflate.inEnd = inflate.inPos + length;
    inflate.inComplete = true;
  }

  private void run(byte[] out, int start, int length, int compressedLength)
      throws MalformedImageException {
    Inflate inflate = this.inflate;
    inflate.out = out;
    inflate.outStart = start;
    inflate.outPos = start;
    inflate.outEnd = start + length;
    inflate.run();
    if (inflate.outPos < inflate.outEnd) {
      throw new MalformedImageException(
          "deflate data of %d bytes decodes to %d bytes, must be %d"
              .formatted(compressedLength, inflate.outPos - start, length));
    }
  }
}
