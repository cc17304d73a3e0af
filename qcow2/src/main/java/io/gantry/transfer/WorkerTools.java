package io.gantry.transfer;

import io.gantry.codec.ClusterDecoder;
import io.gantry.codec.ClusterDecoders;
import io.gantry.image.ClusterCompression;
import io.gantry.image.Limits;
import io.gantry.image.MalformedImageException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** What one worker needs for itself: buffers that grow to the largest need, decoders, no locks. */
final class WorkerTools implements AutoCloseable {

  private final ClusterDecoders decoders;
  private ByteBuffer buffer = ByteBuffer.allocateDirect(0);
  private ByteBuffer decoded = ByteBuffer.allocateDirect(0);

  WorkerTools(Limits limits) {
    this.decoders = new ClusterDecoders(limits);
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

  /** Returns the worker's direct buffer for decoded bytes, at least {@code capacity} bytes. */
  ByteBuffer decodedBuffer(int capacity) {
    if (decoded.capacity() < capacity) {
      decoded = ByteBuffer.allocateDirect(capacity);
    }
    return decoded;
  }

  /**
   * Decodes a compressed cluster.
   *
   * @param dst as long as the cluster
   * @param where names the cluster in messages
   */
  void decode(
      ClusterCompression compression, ByteBuffer compressed, ByteBuffer dst, ClusterName where)
      throws IOException {
    ClusterDecoder decoder = decoders.of(compression);
    try {
      decoder.decode(compressed, dst);
    } catch (MalformedImageException e) {
      throw new MalformedImageException(
          "%s: the compressed cluster at guest offset %d, host offset %d: %s"
              .formatted(where.source(), where.guestOffset(), where.hostOffset(), e.getMessage()),
          e);
    }
  }

  /** Where a cluster is, for messages. */
  record ClusterName(String source, long guestOffset, long hostOffset) {}

  @Override
  public void close() {
    decoders.close();
  }
}
