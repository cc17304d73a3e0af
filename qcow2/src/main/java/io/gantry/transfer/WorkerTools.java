package io.gantry.transfer;

import io.gantry.codec.ClusterDecoder;
import io.gantry.codec.ClusterDecoders;
import io.gantry.image.ClusterCompression;
import io.gantry.image.Limits;
import io.gantry.image.MalformedImageException;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;

/** What one worker needs for itself: buffers that grow to the largest need, decoders, no locks. */
final class WorkerTools implements AutoCloseable {

  private final Limits limits;
  private final Map<ClusterCompression, ClusterDecoder> decoders =
      new EnumMap<>(ClusterCompression.class);
  private ByteBuffer buffer = ByteBuffer.allocateDirect(0);
  private byte[] payload = new byte[0];
  private byte[] decoded = new byte[0];

  WorkerTools(Limits limits) {
    this.limits = limits;
  }

  /** Returns the worker's direct buffer, at least {@code capacity} bytes; its content is kept. */
  ByteBuffer buffer(int capacity) {
    if (buffer.capacity() < capacity) {
      ByteBuffer larger = ByteBuffer.allocateDirect(capacity);
      larger.put(0, buffer.clear(), 0, buffer.capacity());
      buffer = larger;
    }
    return buffer;
  }

  /**
   * Decodes a compressed cluster.
   *
   * @param where names the cluster in messages
   * @return the decoded bytes, valid until the next call
   */
  ByteBuffer decode(
      ClusterCompression compression, ByteBuffer compressed, int clusterSize, ClusterName where)
      throws MalformedImageException {
    int length = compressed.remaining();
    if (payload.length < length) {
      payload = new byte[Math.max(length, clusterSize)];
    }
    if (decoded.length < clusterSize) {
      decoded = new byte[clusterSize];
    }
    compressed.get(payload, 0, length);
    ClusterDecoder decoder =
        decoders.computeIfAbsent(compression, c -> ClusterDecoders.create(c, limits));
    try {
      decoder.decode(payload, 0, length, decoded, 0, clusterSize);
    } catch (MalformedImageException e) {
      throw new MalformedImageException(
          "%s: the compressed cluster at guest offset %d, host offset %d: %s"
              .formatted(where.source(), where.guestOffset(), where.hostOffset(), e.getMessage()),
          e);
    }
    return ByteBuffer.wrap(decoded, 0, clusterSize);
  }

  /** Where a cluster is, for messages. */
  record ClusterName(String source, long guestOffset, long hostOffset) {}

  @Override
  public void close() {
    decoders.values().forEach(ClusterDecoder::close);
  }
}
