package io.gantry.format.qcow2;

import io.gantry.image.ImageException;
import io.gantry.image.ImageTooLargeException;
import io.gantry.image.Limits;
import io.gantry.image.MalformedImageException;
import java.nio.ByteBuffer;
import java.util.stream.LongStream;

/**
 * The L1 table: host offsets of L2 tables, 0 where there is none (qcow2 specification, "L1 table
 * entry": bits 55..9 are the offset, the others are reserved or a refcount hint).
 */
final class L1Table {

  private static final long L2_OFFSET_MASK = 0x00ff_ffff_ffff_fe00L;

  private final long[] l2Offsets;

  private L1Table(long[] l2Offsets) {
    this.l2Offsets = l2Offsets;
  }

  static L1Table ofSize(int entryCount) {
    return new L1Table(new long[entryCount]);
  }

  /** Takes the next entries from {@code bytes}, as many as there are, for {@code index} on. */
  int fill(int index, ByteBuffer bytes) {
    int next = index;
    while (next < l2Offsets.length && bytes.remaining() >= Long.BYTES) {
      l2Offsets[next++] = bytes.getLong() & L2_OFFSET_MASK;
    }
    return next;
  }

  int entryCount() {
    return l2Offsets.length;
  }

  /** Returns the host offset of L2 table {@code index}, 0 if there is none. */
  long l2Offset(long index) {
    return l2Offsets[(int) index];
  }

  /** Returns the first index at or behind {@code index} with a table, at most {@code end}. */
  long nextAllocated(long index, long end) {
    int next = (int) index;
    while (next < end && l2Offsets[next] == 0) {
      next++;
    }
    return next;
  }

  /** Returns the host offsets of all tables, ascending, each once. */
  long[] sortedOffsets() {
    return LongStream.of(l2Offsets).filter(offset -> offset != 0).sorted().distinct().toArray();
  }

  /** Returns how many groups the tables form when gaps up to {@code gapMax} bytes do not count. */
  long requests(int tableBytes, long gapMax) {
    long requests = 0;
    long end = -gapMax - 1;
    for (long offset : sortedOffsets()) {
      if (offset - end > gapMax) {
        requests++;
      }
      end = offset + tableBytes;
    }
    return requests;
  }

  /**
   * Checks every entry.
   *
   * @param fileSize bytes in the file, or {@link Long#MAX_VALUE} while it is not known
   */
  void check(Geometry geometry, long fileSize, Limits limits, String name) throws ImageException {
    long tables = 0;
    for (int index = 0; index < l2Offsets.length; index++) {
      long offset = l2Offsets[index];
      if (offset == 0) {
        continue;
      }
      tables++;
      if (geometry.offsetInCluster(offset) != 0) {
        throw new MalformedImageException(
            "%s: L1 entry %d has L2 offset %d, must be a multiple of the cluster size, %d"
                .formatted(name, index, offset, geometry.clusterSize()));
      }
      checkInFile(geometry, index, offset, fileSize, name);
    }
    checkTableCount(tables, geometry, fileSize, limits, name);
  }

  private static void checkInFile(
      Geometry geometry, int index, long offset, long fileSize, String name)
      throws MalformedImageException {
    long needed = (long) geometry.l2EntriesNeeded(index) * geometry.l2EntrySize();
    if (offset > fileSize - needed) {
      throw new MalformedImageException(
          "%s: truncated: L2 table %d needs bytes %d to %d, the file ends at %d"
              .formatted(name, index, offset, offset + needed, fileSize));
    }
  }

  /** A writer never lets two L1 entries name one table; a bomb names one a million times. */
  void checkTableCount(long tables, Geometry geometry, long fileSize, Limits limits, String name)
      throws ImageTooLargeException {
    long room = fileSize >>> geometry.clusterBits();
    if (tables - limits.tableLoadsMax() > room) {
      throw new ImageTooLargeException(
          "%s: names %d L2 tables, but has room for %d only; the same table may be named %d times"
              .formatted(name, tables, room, limits.tableLoadsMax()));
    }
  }
}
