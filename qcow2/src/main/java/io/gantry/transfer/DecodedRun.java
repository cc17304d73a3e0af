package io.gantry.transfer;

import io.gantry.image.ClusterCompression;
import io.gantry.transfer.WorkerTools.ClusterName;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Decoded clusters that are neighbours for the guest, gathered to be written at once: every write
 * locks the file, and the other workers wait.
 */
final class DecodedRun {

  private static final int CAPACITY = 512 << 10;

  private final SparseWriter writer;
  private final WorkerTools tools;
  private long start;
  private int length;

  DecodedRun(SparseWriter writer, WorkerTools tools) {
    this.writer = writer;
    this.tools = tools;
  }

  /** Decodes a cluster, of the same size as all others; what is wanted of it is written later. */
  void add(Part part, ClusterCompression compression, ByteBuffer compressed, ClusterName where)
      throws IOException {
    ByteBuffer buffer = tools.decodedBuffer(Math.max(CAPACITY, part.clusterSize()));
    if (part.guestOffset() != start + length
        || part.skip() > 0
        || length + part.clusterSize() > buffer.capacity()) {
      flush();
      start = part.guestOffset();
    }
    tools.decode(compression, compressed, buffer.slice(length, part.clusterSize()), where);
    if (part.skip() == 0) {
      length += part.length();
    } else {
      writer.write(part.guestOffset(), buffer.slice(part.skip(), part.length()));
    }
  }

  /** Writes what has been gathered. */
  void flush() throws IOException {
    if (length > 0) {
      writer.write(start, tools.decodedBuffer(0).slice(0, length));
      length = 0;
    }
  }

  /**
   * What the guest gets of a cluster.
   *
   * @param skip bytes of the decoded cluster before it
   */
  record Part(long guestOffset, int clusterSize, int skip, int length) {}
}
