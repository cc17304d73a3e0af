package io.gantry.codec;

import io.gantry.image.MalformedImageException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Decodes clusters of raw deflate (RFC 1951). */
final class DeflateClusterDecoder implements ClusterDecoder {

  private final Inflater inflater = new Inflater(true);

  @Override
  public void decode(
      byte[] src, int srcOffset, int srcLength, byte[] dst, int dstOffset, int dstLength)
      throws MalformedImageException {
    inflater.reset();
    inflater.setInput(src, srcOffset, srcLength);
    int written = 0;
    while (written < dstLength) {
      int count;
      try {
        count = inflater.inflate(dst, dstOffset + written, dstLength - written);
      } catch (DataFormatException e) {
        throw new MalformedImageException("deflate data is corrupt: " + e.getMessage(), e);
      }
      if (count == 0) {
        throw new MalformedImageException(
            "deflate data of %d bytes decodes to %d bytes, must be %d"
                .formatted(srcLength, written, dstLength));
      }
      written += count;
    }
  }

  @Override
  public void close() {
    inflater.end();
  }
}
