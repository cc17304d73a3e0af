package io.gantry.transfer;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What the map of a stream asks back for. The map must exist first, since it knows the cluster and
 * the virtual size that the others are made with; it asks nothing before its first cluster.
 */
final class StreamLink {

  private @Nullable HeldClusters held;
  private @Nullable SparseWriter writer;
  private @Nullable Workers workers;
  private @Nullable Progress progress;

  void connect(HeldClusters held, SparseWriter writer, Workers workers, Progress progress) {
    this.held = held;
    this.writer = writer;
    this.workers = workers;
    this.progress = progress;
  }

  void past(long hostOffset, ByteBuffer dst) throws IOException {
    connected(held).read(hostOffset, dst);
  }

  void zero(long guestOffset, long length) throws IOException {
    SparseWriter to = connected(writer);
    Progress count = connected(progress);
    if (to.startsZeroed()) {
      to.zero(guestOffset, length);
      count.work(length);
    } else {
      connected(workers)
          .submit(
              _ -> {
                to.zero(guestOffset, length);
                count.work(length);
              });
    }
  }

  private static <T> T connected(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("the map asked before its first cluster");
    }
    return part;
  }
}
