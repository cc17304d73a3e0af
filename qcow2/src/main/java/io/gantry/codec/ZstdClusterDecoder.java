package io.gantry.codec;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.gantry.image.Limits;
import io.gantry.image.MalformedImageException;

/**
 * Decodes clusters of zstd frames (RFC 8878) with libzstd through zstd-jni.
 *
 * <p>QEMU's reader streams and asks for the output to end exactly where a frame ends; whatever
 * follows is padding. We find each frame's end in Java and hand whole frames to the one-shot call:
 * it keeps no window of its own, so that nothing a header claims is ever allocated, and it refuses
 * a frame that is longer than the room left. The context lives as long as the decoder.
 */
final class ZstdClusterDecoder implements ClusterDecoder {

  private final ZstdDecompressCtx context = new ZstdDecompressCtx();
  private final long windowMax;

  ZstdClusterDecoder(Limits limits) {
    windowMax = limits.zstdWindowMax();
  }

  @Override
  public void decode(
      byte[] src, int srcOffset, int srcLength, byte[] dst, int dstOffset, int dstLength)
      throws MalformedImageException {
    int at = srcOffset;
    int limit = srcOffset + srcLength;
    int written = 0;
    while (written < dstLength) {
      if (at == limit) {
        throw new MalformedImageException(
            "zstd data of %d bytes decodes to %d bytes, must be %d"
                .formatted(srcLength, written, dstLength));
      }
      ZstdFrame frame = ZstdFrame.at(src, at, limit);
      if (!frame.skippable()) {
        int room = dstLength - written;
        check(frame, room);
        written += decodeFrame(src, at, frame.end() - at, dst, dstOffset + written, room);
      }
      at = frame.end();
    }
  }

  private void check(ZstdFrame frame, int room) throws MalformedImageException {
    if (frame.windowSize() > windowMax) {
      throw new MalformedImageException(
          "zstd frame claims a window of %d bytes, at most %d are allowed"
              .formatted(frame.windowSize(), windowMax));
    }
    if (frame.contentSize() > room) {
      throw new MalformedImageException(
          "zstd frame claims %d bytes, its cluster has room for %d"
              .formatted(frame.contentSize(), room));
    }
    if (frame.dictionaryId() != 0) {
      throw new MalformedImageException(
          "zstd frame needs dictionary %d, a cluster must stand alone"
              .formatted(frame.dictionaryId()));
    }
  }

  private int decodeFrame(byte[] src, int at, int length, byte[] dst, int dstOffset, int room)
      throws MalformedImageException {
    try {
      return context.decompressByteArray(dst, dstOffset, room, src, at, length);
    } catch (ZstdException e) {
      throw new MalformedImageException(
          "zstd frame of %d bytes does not decode into %d bytes: %s"
              .formatted(length, room, e.getMessage()),
          e);
    }
  }

  @Override
  public void close() {
    context.close();
  }
}
