package io.gantry.format.qcow2;

import io.gantry.format.OpenOptions;
import io.gantry.image.ClusterCompression;
import io.gantry.image.ImageException;
import io.gantry.image.ImageInfo;
import io.gantry.image.ImageTooLargeException;
import io.gantry.image.Limits;
import io.gantry.image.MalformedImageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * What somebody who reads a QCOW2 file from front to back knows of it so far.
 *
 * <p>He shows every host cluster to {@link #accept} in order; tables among them are taken in. What
 * a table says of bytes still to come waits in {@link #nextBefore}; what it says of bytes already
 * gone by lies in {@link #late}. A table that has itself gone by before it was known to be one (the
 * L1 table may come last, after {@code qemu-img resize}) is asked for through {@link PastBytes}.
 * Memory is bounded: by the L1 limit, and by {@link Limits#mappingBytesMax} for references.
 *
 * <p>Used by one thread.
 */
public final class ForwardMap {

  private final String name;
  private final Limits limits;
  private final Qcow2Header header;
  private final Geometry geometry;
  private final L1Table l1;
  private final L2Walk walk;
  private final PastBytes past;
  private final ZeroRuns zeroRuns;
  private final Refcounts refcounts;

  private final Map<Long, List<Integer>> awaitedTables = new HashMap<>();
  private final PriorityQueue<ReferenceList> pending =
      new PriorityQueue<>(Comparator.comparingLong(ReferenceList::nextHostOffset));
  private final Queue<Reference> late = new ArrayDeque<>();
  private long pendingBytes;
  private int l1Filled;
  private long position;

  /** Receives guest ranges that read as zero, in the order they become known. */
  public interface ZeroRuns {
    void zero(long guestOffset, long length) throws IOException;
  }

  private ForwardMap(
      Qcow2Header header, String name, Limits limits, PastBytes past, ZeroRuns zeroRuns) {
    this.header = header;
    this.geometry = header.geometry();
    this.name = name;
    this.limits = limits;
    this.past = past;
    this.zeroRuns = zeroRuns;
    this.l1 = L1Table.ofSize((int) geometry.l1EntriesNeeded());
    this.walk = new L2Walk(header, geometry, name);
    this.refcounts = new Refcounts(header);
  }

  /** Returns how many bytes of the file {@link #start} wants to see, given its first 72 or more. */
  public static int headerBytesWanted(ByteBuffer head, String name) throws ImageException {
    return Qcow2Header.bytesWanted(head, name);
  }

  /**
   * Begins with the header.
   *
   * @param firstCluster the first cluster of the file, or all of it if it is shorter
   */
  public static ForwardMap start(
      ByteBuffer firstCluster, String name, OpenOptions options, PastBytes past, ZeroRuns zeroRuns)
      throws IOException {
    Qcow2Header header = Qcow2Header.parse(firstCluster, name, options.limits());
    Qcow2Restrictions.checkNotEncrypted(header, name);
    Qcow2Restrictions.checkReferences(header, options, name);
    return new ForwardMap(header, name, options.limits(), past, zeroRuns);
  }

  public ImageInfo info() {
    return Qcow2Info.describe(header, geometry.virtualSize(), 0, List.of());
  }

  public int clusterSize() {
    return geometry.clusterSize();
  }

  public ClusterCompression compression() {
    return header.compression();
  }

  /** Why one pass over this file alone cannot do, when the header says so. */
  public Optional<String> needsOtherFiles() {
    if (header.backingFile().isPresent()) {
      return Optional.of("the image has a backing file");
    }
    return header.usesDataFile()
        ? Optional.of("the image has an external data file")
        : Optional.empty();
  }

  /** Host offset of the L1 table; a table far behind the header makes everything wait for it. */
  public long l1Offset() {
    return l1.entryCount() == 0 ? 0 : header.l1Offset();
  }

  /**
   * Takes in the cluster at {@code hostOffset}: the next one, whole, or shorter at the end of the
   * file.
   *
   * @return whether it is a table, and nothing else unless a reference says so
   */
  public boolean accept(long hostOffset, ByteBuffer cluster) throws IOException {
    position = hostOffset + cluster.remaining();
    boolean table = hostOffset == 0 || refcounts.accept(hostOffset, cluster);
    table |= acceptL1(hostOffset, cluster);
    List<Integer> l1Indexes = awaitedTables.remove(hostOffset);
    if (l1Indexes != null) {
      for (int l1Index : l1Indexes) {
        requireWhole(l1Index, hostOffset, cluster.remaining());
        takeTable(cluster.slice(), l1Index);
      }
      return true;
    }
    return table;
  }

  private boolean acceptL1(long hostOffset, ByteBuffer cluster) throws IOException {
    long l1End = header.l1Offset() + (long) l1.entryCount() * Long.BYTES;
    if (l1Filled == l1.entryCount() || hostOffset < header.l1Offset() || hostOffset >= l1End) {
      return false;
    }
    l1Filled = l1.fill(l1Filled, cluster.slice());
    if (l1Filled == l1.entryCount()) {
      l1.check(geometry, Long.MAX_VALUE, limits, name);
      awaitTables(hostOffset + cluster.remaining());
    }
    return true;
  }

  /** With the L1 table known, the L2 tables are: those gone by are read again, others awaited. */
  private void awaitTables(long passed) throws IOException {
    List<Integer> gone = new ArrayList<>();
    long allocated = 0;
    long index = 0;
    while (index < l1.entryCount()) {
      long next = l1.nextAllocated(index, l1.entryCount());
      if (next > index) {
        long start = index << geometry.l2CoverageBits();
        long end = Math.min(next << geometry.l2CoverageBits(), geometry.virtualSize());
        zeroRuns.zero(start, end - start);
        index = next;
        continue;
      }
      allocated++;
      long offset = l1.l2Offset(index);
      if (offset < passed) {
        gone.add((int) index);
      } else {
        awaitedTables.computeIfAbsent(offset, _ -> new ArrayList<>(1)).add((int) index);
      }
      index++;
    }
    checkSharedTables(allocated - gone.size() - awaitedTables.size());
    for (int l1Index : gone) {
      long needed = (long) geometry.l2EntriesNeeded(l1Index) * geometry.l2EntrySize();
      ByteBuffer table = ByteBuffer.allocate((int) needed);
      past.read(l1.l2Offset(l1Index), table);
      takeTable(table.flip(), l1Index);
    }
  }

  private void checkSharedTables(long shared) throws ImageTooLargeException {
    if (shared > limits.tableLoadsMax()) {
      throw new ImageTooLargeException(
          "%s: names the same L2 tables %d times over, the limit is %d"
              .formatted(name, shared, limits.tableLoadsMax()));
    }
  }

  private void requireWhole(int l1Index, long hostOffset, int length)
      throws MalformedImageException {
    int needed = geometry.l2EntriesNeeded(l1Index) * geometry.l2EntrySize();
    if (length < needed) {
      throw new MalformedImageException(
          "%s: truncated: L2 table %d needs bytes %d to %d, the file ends at %d"
              .formatted(name, l1Index, hostOffset, hostOffset + needed, hostOffset + length));
    }
  }

  private void takeTable(ByteBuffer table, int l1Index) throws IOException {
    Collector collector = new Collector();
    long tableStart = (long) l1Index << geometry.l2CoverageBits();
    walk.walk(table, tableStart, 0, geometry.l2EntriesNeeded(l1Index), collector);
    collector.finish();
  }

  /**
   * Takes the next reference, in host order, whose first byte lies before {@code hostEnd}; null if
   * there is none.
   */
  public @org.jspecify.annotations.Nullable Reference nextBefore(long hostEnd) {
    ReferenceList first = pending.peek();
    if (first == null || first.nextHostOffset() >= hostEnd) {
      return null;
    }
    pending.remove();
    Reference reference = first.take();
    if (first.isEmpty()) {
      pendingBytes -= first.memoryBytes();
    } else {
      pending.add(first);
    }
    return reference;
  }

  /** References to bytes that had gone by when they became known; to be emptied by the caller. */
  public Queue<Reference> late() {
    return late;
  }

  /** Says whether every table has been seen: what nothing refers to now will never be needed. */
  public boolean allTablesSeen() {
    return l1Filled == l1.entryCount() && awaitedTables.isEmpty();
  }

  /**
   * Returns how many references the image counts for the cluster at {@code hostOffset}; -1 when it
   * is not known. A hint: images may lie.
   */
  public long refcount(long hostOffset) {
    return refcounts.of(hostOffset);
  }

  /**
   * Checks, at the end of the file, that nothing is still to come.
   *
   * @param fileSize where the file ended
   */
  public void finish(long fileSize) throws MalformedImageException {
    if (l1Filled < l1.entryCount()) {
      throw truncated(
          "the L1 table", header.l1Offset(), (long) l1.entryCount() * Long.BYTES, fileSize);
    }
    for (Map.Entry<Long, List<Integer>> table : awaitedTables.entrySet()) {
      int index = table.getValue().getFirst();
      int needed = geometry.l2EntriesNeeded(index) * geometry.l2EntrySize();
      throw truncated("L2 table " + index, table.getKey(), needed, fileSize);
    }
    ReferenceList rest = pending.peek();
    if (rest != null) {
      Reference first = rest.take();
      throw truncated(
          "the cluster at guest offset " + first.guestOffset(),
          first.hostOffset(),
          first.hostLength(),
          fileSize);
    }
  }

  private MalformedImageException truncated(String what, long offset, long length, long fileSize) {
    return new MalformedImageException(
        "%s: truncated: %s needs bytes %d to %d, the file ends at %d"
            .formatted(name, what, offset, offset + length, fileSize));
  }

  /** Sorts what one table says into zeros, what is still to come, and what has gone by. */
  private final class Collector implements ClusterSink {

    private final ReferenceList ahead = new ReferenceList();
    private long zeroStart;
    private long zeroEnd;

    @Override
    public void data(long guestOffset, long length, long hostOffset) {
      Reference reference = new Reference(hostOffset, length, guestOffset, length, false);
      if (hostOffset >= position) {
        ahead.addData(hostOffset, guestOffset, length);
      } else if (reference.hostEnd() <= position) {
        late.add(reference);
      } else {
        late.add(reference.before(position));
        Reference rest = reference.from(position);
        ahead.addData(rest.hostOffset(), rest.guestOffset(), rest.length());
      }
    }

    @Override
    public void compressed(long guestOffset, long length, long hostOffset, int hostLength) {
      if (hostOffset >= position) {
        ahead.addCompressed(hostOffset, hostLength, guestOffset, length);
      } else {
        late.add(new Reference(hostOffset, hostLength, guestOffset, length, true));
      }
    }

    @Override
    public void zero(long guestOffset, long length, long hostOffset) throws IOException {
      unallocated(guestOffset, length);
    }

    @Override
    public void unallocated(long guestOffset, long length) throws IOException {
      if (guestOffset != zeroEnd) {
        flushZeros();
        zeroStart = guestOffset;
      }
      zeroEnd = guestOffset + length;
    }

    private void flushZeros() throws IOException {
      if (zeroEnd > zeroStart) {
        zeroRuns.zero(zeroStart, zeroEnd - zeroStart);
      }
      zeroStart = zeroEnd;
    }

    void finish() throws IOException {
      flushZeros();
      if (ahead.isEmpty()) {
        return;
      }
      ahead.sort();
      pendingBytes += ahead.memoryBytes();
      if (pendingBytes > limits.mappingBytesMax()) {
        throw new ImageTooLargeException(
            "%s: more than %d bytes of mappings wait for their data; convert it from a file"
                .formatted(name, limits.mappingBytesMax()));
      }
      pending.add(ahead);
    }
  }
}
