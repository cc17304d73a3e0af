package io.gantry.format.qcow2;

import io.gantry.codec.ClusterDecoder;
import io.gantry.codec.ClusterDecoders;
import io.gantry.image.CompressedCluster;
import io.gantry.image.Image;
import io.gantry.image.LayoutVisitor;
import io.gantry.image.Limits;
import io.gantry.image.MalformedImageException;
import io.gantry.io.RandomAccessInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Guest data at any position, for readers that jump about. Decoders wait in a pool between calls;
 * each keeps the cluster it decoded last, since neighbours are often asked for next.
 */
final class GuestReader {

  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(1 << 16).asReadOnlyBuffer();

  private final Image image;
  private final Limits limits;
  private final Queue<Session> idle = new ConcurrentLinkedQueue<>();

  GuestReader(Image image, Limits limits) {
    this.image = image;
    this.limits = limits;
  }

  void readFully(long offset, ByteBuffer dst) throws IOException {
    Session pooled = idle.poll();
    Session session = pooled == null ? new Session(limits) : pooled;
    session.dst = dst;
    image.layout(offset, offset + dst.remaining(), session);
    idle.add(session);
  }

  void close() {
    for (Session session = idle.poll(); session != null; session = idle.poll()) {
      session.close();
    }
  }

  private static final class Session implements LayoutVisitor {

    private final ClusterDecoders decoders;
    private ByteBuffer dst = ByteBuffer.allocate(0);
    private byte[] payload = new byte[0];
    private byte[] decoded = new byte[0];
    private long decodedOffset = -1;
    private @Nullable RandomAccessInput decodedInput;

    Session(Limits limits) {
      this.decoders = new ClusterDecoders(limits);
    }

    @Override
    public void data(
        long guestOffset, long length, RandomAccessInput input, long hostOffset, int depth)
        throws IOException {
      ByteBuffer part = dst.slice(dst.position(), (int) length);
      input.readFully(hostOffset, part);
      dst.position(dst.position() + (int) length);
    }

    @Override
    public void compressed(
        long guestOffset, long length, CompressedCluster cluster, int skip, int depth)
        throws IOException {
      if (cluster.hostOffset() != decodedOffset || !cluster.input().equals(decodedInput)) {
        decode(cluster, guestOffset - skip);
      }
      dst.put(decoded, skip, (int) length);
    }

    private void decode(CompressedCluster cluster, long guestOffset) throws IOException {
      decodedOffset = -1;
      if (payload.length < cluster.hostLength()) {
        payload = new byte[cluster.hostLength()];
      }
      if (decoded.length < cluster.clusterSize()) {
        decoded = new byte[cluster.clusterSize()];
      }
      cluster
          .input()
          .readFully(cluster.hostOffset(), ByteBuffer.wrap(payload, 0, cluster.hostLength()));
      ClusterDecoder decoder = decoders.of(cluster.compression());
      try {
        decoder.decode(
            ByteBuffer.wrap(payload, 0, cluster.hostLength()),
            ByteBuffer.wrap(decoded, 0, cluster.clusterSize()));
      } catch (MalformedImageException e) {
        throw new MalformedImageException(
            "%s: the compressed cluster at guest offset %d, host offset %d: %s"
                .formatted(
                    cluster.input().name(), guestOffset, cluster.hostOffset(), e.getMessage()),
            e);
      }
      decodedOffset = cluster.hostOffset();
      decodedInput = cluster.input();
    }

    @Override
    public void zero(long guestOffset, long length, long hostOffset, int depth) {
      putZeros(length);
    }

    @Override
    public void unallocated(long guestOffset, long length) {
      putZeros(length);
    }

    private void putZeros(long length) {
      long left = length;
      while (left > 0) {
        int count = (int) Math.min(left, ZEROS.capacity());
        dst.put(ZEROS.slice(0, count));
        left -= count;
      }
    }

    void close() {
      decoders.close();
    }
  }
}
