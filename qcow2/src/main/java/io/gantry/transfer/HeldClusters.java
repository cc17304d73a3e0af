package io.gantry.transfer;

import io.gantry.format.qcow2.PastBytes;
import io.gantry.format.qcow2.Reference;
import io.gantry.image.UnsupportedImageException;
import io.gantry.io.RandomAccessInput;
import io.gantry.target.RangeSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Host clusters that went by before anything referred to them, kept until it is known whether
 * something does: in memory up to the window, then in scratch space. A source that can be read
 * again needs neither.
 */
final class HeldClusters implements PastBytes, AutoCloseable {

  /** What is kept of clusters that, by the refcounts, nothing else refers to. */
  private static final long SPARE_BYTES = 4 << 20;

  private final int clusterSize;
  private final long windowBytes;
  private final Optional<RandomAccessInput> again;
  private final Optional<Path> scratchDirectory;
  private final LongUnaryOperator refcounts;
  private final Progress progress;
  private final Map<Long, Cluster> window = new LinkedHashMap<>();
  private final Map<Long, Cluster> spare = new LinkedHashMap<>();
  private final RangeSet spilled = new RangeSet();

  /** A host cluster, and how many references to it have been seen. */
  private static final class Cluster {

    final byte[] bytes;
    int references;

    Cluster(byte[] bytes, int references) {
      this.bytes = bytes;
      this.references = references;
    }
  }

  private long heldBytes;
  private long spareBytes;
  private byte @Nullable [] recycled;
  private boolean dropped;
  private @Nullable Scratch scratch;

  /**
   * @param again the same bytes at any position, when the source has that
   * @param refcounts how many references the image counts for a host cluster, -1 if not known; a
   *     hint, since images may be wrong about it
   */
  HeldClusters(
      int clusterSize,
      long windowBytes,
      Optional<RandomAccessInput> again,
      Optional<Path> scratchDirectory,
      LongUnaryOperator refcounts,
      Progress progress) {
    this.clusterSize = clusterSize;
    this.windowBytes = windowBytes;
    this.again = again;
    this.scratchDirectory = scratchDirectory;
    this.refcounts = refcounts;
    this.progress = progress;
  }

  /**
   * Keeps the cluster at {@code hostOffset}, of which {@code references} are known. Where the image
   * counts no more than that, it is kept for a little while only: refcounts are hints.
   */
  void hold(long hostOffset, ByteBuffer cluster, int references) throws IOException {
    if (again.isPresent()) {
      return;
    }
    byte[] bytes = copyOf(cluster);
    Cluster held = new Cluster(bytes, references);
    if (isAccountedFor(hostOffset, held)) {
      spare.put(hostOffset, held);
      spareBytes += bytes.length;
      dropSpare();
    } else {
      window.put(hostOffset, held);
      heldBytes += bytes.length;
      if (heldBytes > windowBytes) {
        makeRoom();
      }
    }
  }

  private byte[] copyOf(ByteBuffer cluster) {
    byte[] bytes = recycled;
    recycled = null;
    if (bytes == null || bytes.length != cluster.remaining()) {
      bytes = new byte[cluster.remaining()];
    }
    cluster.slice().get(bytes);
    return bytes;
  }

  private void dropSpare() {
    Iterator<Cluster> oldest = spare.values().iterator();
    while (spareBytes > spareBytesMax()) {
      recycled = oldest.next().bytes;
      spareBytes -= recycled.length;
      oldest.remove();
      dropped = true;
    }
  }

  private long spareBytesMax() {
    return Math.min(SPARE_BYTES, windowBytes);
  }

  /** Forgets everything: nothing will be asked for any more. */
  void clear() {
    window.clear();
    spare.clear();
    heldBytes = 0;
    spareBytes = 0;
  }

  private void makeRoom() throws IOException {
    dropAccountedFor();
    if (heldBytes > windowBytes - windowBytes / 4 && scratchDirectory.isPresent()) {
      spillOldest(scratchDirectory.get());
    }
    if (heldBytes > windowBytes) {
      throw new ScratchRequiredException(
          "more than %d bytes of data come before the tables that say where they belong"
              .formatted(windowBytes));
    }
  }

  /** Clusters whose last reference has come since they were held. */
  private void dropAccountedFor() {
    Iterator<Map.Entry<Long, Cluster>> held = window.entrySet().iterator();
    while (held.hasNext()) {
      Map.Entry<Long, Cluster> entry = held.next();
      if (isAccountedFor(entry.getKey(), entry.getValue())) {
        heldBytes -= entry.getValue().bytes.length;
        held.remove();
        dropped = true;
      }
    }
  }

  private boolean isAccountedFor(long hostOffset, Cluster cluster) {
    long refcount = refcounts.applyAsLong(hostOffset);
    return refcount >= 0 && cluster.references >= refcount;
  }

  /** Moves half of the window out at once, so that the writes are long. */
  private void spillOldest(Path directory) throws IOException {
    if (scratch == null) {
      scratch = Scratch.create(directory, progress);
    }
    Iterator<Map.Entry<Long, Cluster>> held = window.entrySet().iterator();
    while (held.hasNext() && heldBytes > windowBytes / 2) {
      Map.Entry<Long, Cluster> entry = held.next();
      long hostOffset = entry.getKey();
      scratch.write(hostOffset, ByteBuffer.wrap(entry.getValue().bytes));
      spilled.add(hostOffset, hostOffset + entry.getValue().bytes.length);
      heldBytes -= entry.getValue().bytes.length;
      held.remove();
    }
  }

  /** Says whether all that {@code reference} needs is held, and counts the reference. */
  boolean take(Reference reference) {
    if (!has(reference.hostOffset(), reference.hostLength())) {
      return false;
    }
    long first = reference.hostOffset() - reference.hostOffset() % clusterSize;
    for (long at = first; at < reference.hostEnd(); at += clusterSize) {
      Cluster cluster = find(at);
      if (cluster != null) {
        cluster.references++;
      }
    }
    return true;
  }

  private @Nullable Cluster find(long clusterStart) {
    Cluster inWindow = window.get(clusterStart);
    return inWindow == null ? spare.get(clusterStart) : inWindow;
  }

  private boolean has(long hostOffset, long length) {
    if (again.isPresent()) {
      return true;
    }
    for (long at = hostOffset - hostOffset % clusterSize;
        at < hostOffset + length;
        at += clusterSize) {
      long from = Math.max(at, hostOffset);
      long to = Math.min(at + clusterSize, hostOffset + length);
      Cluster cluster = find(at);
      boolean inWindow = cluster != null && to - at <= cluster.bytes.length;
      if (!inWindow && !spilled.contains(from, to)) {
        return false;
      }
    }
    return true;
  }

  /** Returns what to say of a range that was not kept. */
  IOException notKept(long hostOffset) {
    if (dropped || scratchDirectory.isEmpty()) {
      return new ScratchRequiredException(
          "a table refers back to host offset %d, which has gone by".formatted(hostOffset));
    }
    return new UnsupportedImageException(
        "a table refers back to host offset %d, which served something else; convert it from a file"
            .formatted(hostOffset));
  }

  @Override
  public void read(long hostOffset, ByteBuffer dst) throws IOException {
    if (again.isPresent()) {
      again.get().readFully(hostOffset, dst);
      return;
    }
    if (!has(hostOffset, dst.remaining())) {
      throw notKept(hostOffset);
    }
    long at = hostOffset;
    while (dst.hasRemaining()) {
      long clusterStart = at - at % clusterSize;
      int from = (int) (at - clusterStart);
      int count = Math.min(dst.remaining(), clusterSize - from);
      Cluster cluster = find(clusterStart);
      if (cluster != null) {
        dst.put(cluster.bytes, from, count);
      } else {
        readSpilled(at, dst.slice(dst.position(), count));
        dst.position(dst.position() + count);
      }
      at += count;
    }
  }

  private void readSpilled(long hostOffset, ByteBuffer dst) throws IOException {
    if (scratch == null) {
      throw new IllegalStateException("nothing was spilled");
    }
    scratch.asInput("scratch file").readFully(hostOffset, dst);
  }

  @Override
  public void close() throws IOException {
    if (scratch != null) {
      scratch.close();
    }
  }
}
