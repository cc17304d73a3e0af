package io.gantry.codec;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.gantry.image.Limits;
import io.gantry.image.MalformedImageException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Decodes clusters of zstd frames (RFC 8878) with libzstd through zstd-jni.
 *
 * <p>QEMU's reader streams and asks for the output to end exactly where a frame ends; whatever
 * follows is padding. We find each frame's end in Java and hand whole frames to the one-shot call:
 * it keeps no window of its own, so that nothing a header claims is ever allocated, and it refuses
 * a frame that is longer than the room left. The context lives as long as the decoder.
 *
 * <p>libzstd works on memory outside the heap; buffers inside it are copied.
 */
final class ZstdClusterDecoder implements ClusterDecoder {

  private final ZstdDecompressCtx context = new ZstdDecompressCtx();
  private final long windowMax;
  private ByteBuffer payload = ByteBuffer.allocateDirect(0);
  private ByteBuffer decoded = ByteBuffer.allocateDirect(0);

  ZstdClusterDecoder(Limits limits) {
    windowMax = limits.zstdWindowMax();
  }

  @Override
  public void decode(ByteBuffer src, ByteBuffer dst) throws MalformedImageException {
    ByteBuffer compressed = src.slice();
    if (!src.isDirect()) {
      payload = atLeast(payload, src.remaining());
      compressed = payload.slice(0, src.remaining()).put(0, src, src.position(), src.remaining());
    }
    if (dst.isDirect()) {
      decodeDirect(compressed, dst.slice());
      return;
    }
    decoded = atLeast(decoded, dst.remaining());
    ByteBuffer cluster = decoded.slice(0, dst.remaining());
    decodeDirect(compressed, cluster);
    dst.put(dst.position(), cluster, 0, cluster.capacity());
  }

  private static ByteBuffer atLeast(ByteBuffer buffer, int capacity) {
    return buffer.capacity() < capacity ? ByteBuffer.allocateDirect(capacity) : buffer;
  }

  private void decodeDirect(ByteBuffer src, ByteBuffer dst) throws MalformedImageException {
    src.order(ByteOrder.LITTLE_ENDIAN);
    int at = 0;
    int written = 0;
    while (written < dst.capacity()) {
      if (at == src.capacity()) {
        throw new MalformedImageException(
            "zstd data of %d bytes decodes to %d bytes, must be %d"
                .formatted(src.capacity(), written, dst.capacity()));
      }
      ZstdFrame frame = ZstdFrame.at(src, at);
      if (!frame.skippable()) {
        int room = dst.capacity() - written;
        check(frame, room);
        written += decodeFrame(src, at, frame.end() - at, dst, written, room);
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

  private int decodeFrame(
      ByteBuffer src, int at, int length, ByteBuffer dst, int dstOffset, int room)
      throws MalformedImageException {
    try {
      return context.decompressDirectByteBuffer(dst, dstOffset, room, src, at, length);
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
