package io.gantry.format.qcow2;

import io.gantry.image.MalformedImageException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads L2 tables: turns entries into what they mean. Stateless; any thread. */
final class L2Walk {

  private final Geometry geometry;
  private final boolean version2;
  private final boolean dataFile;
  private final String name;

  L2Walk(Qcow2Header header, Geometry geometry, String name) {
    this.geometry = geometry;
    this.version2 = header.version() == 2;
    this.dataFile = header.usesDataFile();
    this.name = name;
  }

  /**
   * Describes the clusters {@code [first, last)} of one table.
   *
   * @param table the table's entries, at least up to {@code last}
   * @param tableGuestOffset guest offset of the table's first entry
   */
  void walk(ByteBuffer table, long tableGuestOffset, int first, int last, ClusterSink sink)
      throws IOException {
    int index = first;
    while (index < last) {
      int emptyEnd = endOfEmpty(table, index, last);
      if (emptyEnd > index) {
        long guestOffset = guestOffset(tableGuestOffset, index);
        sink.unallocated(guestOffset, guestOffset(tableGuestOffset, emptyEnd) - guestOffset);
        index = emptyEnd;
      } else {
        long guestOffset = guestOffset(tableGuestOffset, index);
        L2Entry entry = new L2Entry(entryBits(table, index));
        long length = Math.min(geometry.clusterSize(), geometry.virtualSize() - guestOffset);
        if (entry.isCompressed()) {
          compressed(entry, guestOffset, length, sink);
        } else if (geometry.extendedL2()) {
          subclusters(entry, table.getLong(index * 16 + 8), guestOffset, length, sink);
        } else {
          standard(entry, guestOffset, length, sink);
        }
        index++;
      }
    }
  }

  private long guestOffset(long tableGuestOffset, int index) {
    return Math.min(
        tableGuestOffset + ((long) index << geometry.clusterBits()), geometry.virtualSize());
  }

  private long entryBits(ByteBuffer table, int index) {
    return table.getLong(index * geometry.l2EntrySize());
  }

  private int endOfEmpty(ByteBuffer table, int from, int last) {
    int index = from;
    while (index < last
        && entryBits(table, index) == 0
        && (!geometry.extendedL2() || table.getLong(index * 16 + 8) == 0)) {
      index++;
    }
    return index;
  }

  private void compressed(L2Entry entry, long guestOffset, long length, ClusterSink sink)
      throws IOException {
    if (dataFile) {
      throw malformed(guestOffset, "is compressed, which an external data file cannot hold");
    }
    long hostOffset = entry.compressedOffset(geometry.clusterBits());
    if (hostOffset < geometry.clusterSize()) {
      throw malformed(
          guestOffset, "has its compressed data in the header cluster, at " + hostOffset);
    }
    sink.compressed(
        guestOffset, length, hostOffset, entry.compressedLength(geometry.clusterBits()));
  }

  private void standard(L2Entry entry, long guestOffset, long length, ClusterSink sink)
      throws IOException {
    long hostOffset = hostOffset(entry, guestOffset);
    if (entry.isZero()) {
      if (version2) {
        throw malformed(guestOffset, "has the zero flag, which version 2 does not know");
      }
      sink.zero(guestOffset, length, hostOffset);
    } else if (hostOffset < 0) {
      sink.unallocated(guestOffset, length);
    } else {
      sink.data(guestOffset, length, hostOffset);
    }
  }

  /** Returns the cluster's host offset, -1 if there is none. */
  private long hostOffset(L2Entry entry, long guestOffset) throws MalformedImageException {
    long hostOffset = entry.hostOffset();
    if (hostOffset == 0 && !(dataFile && entry.isCopied())) {
      return -1;
    }
    if (geometry.offsetInCluster(hostOffset) != 0) {
      throw malformed(
          guestOffset,
          "has host offset %d, must be a multiple of the cluster size, %d"
              .formatted(hostOffset, geometry.clusterSize()));
    }
    if (dataFile && hostOffset != guestOffset) {
      throw malformed(
          guestOffset,
          "has host offset %d, must equal the guest offset in an external data file"
              .formatted(hostOffset));
    }
    return hostOffset;
  }

  /**
   * Extended L2 entries: bits 0..31 of the bitmap say which subclusters are allocated, 32..63 which
   * read as zero; neither means unallocated, both is an error.
   */
  private void subclusters(
      L2Entry entry, long bitmap, long guestOffset, long length, ClusterSink sink)
      throws IOException {
    int allocated = (int) bitmap;
    int zeros = (int) (bitmap >>> 32);
    if ((allocated & zeros) != 0) {
      throw malformed(
          guestOffset, "has subclusters both allocated and zero: %016x".formatted(bitmap));
    }
    long hostOffset = hostOffset(entry, guestOffset);
    if (hostOffset < 0 && allocated != 0) {
      throw malformed(
          guestOffset, "has allocated subclusters, %08x, but no host offset".formatted(allocated));
    }
    int subclusterSize = geometry.clusterSize() / Geometry.SUBCLUSTERS;
    int index = 0;
    while (index < Geometry.SUBCLUSTERS && (long) index * subclusterSize < length) {
      int end = index + 1;
      int kind = subclusterKind(allocated, zeros, index);
      while (end < Geometry.SUBCLUSTERS && subclusterKind(allocated, zeros, end) == kind) {
        end++;
      }
      long start = (long) index * subclusterSize;
      long runLength = Math.min((long) end * subclusterSize, length) - start;
      switch (kind) {
        case DATA -> sink.data(guestOffset + start, runLength, hostOffset + start);
        case ZERO ->
            sink.zero(guestOffset + start, runLength, hostOffset < 0 ? -1 : hostOffset + start);
        case UNALLOCATED -> sink.unallocated(guestOffset + start, runLength);
        default -> throw new AssertionError("both bits were refused above");
      }
      index = end;
    }
  }

  private static final int UNALLOCATED = 0;
  private static final int DATA = 1;
  private static final int ZERO = 2;

  private static int subclusterKind(int allocated, int zeros, int index) {
    return ((allocated >>> index) & 1) | (((zeros >>> index) & 1) << 1);
  }

  private MalformedImageException malformed(long guestOffset, String what) {
    return new MalformedImageException(
        "%s: the cluster at guest offset %d %s".formatted(name, guestOffset, what));
  }
}
