package io.gantry.format.qcow2;

import io.gantry.image.ImageException;
import io.gantry.image.ImageTooLargeException;
import io.gantry.image.Limits;
import io.gantry.image.MalformedImageException;
import io.gantry.image.SnapshotInfo;
import io.gantry.image.UnsupportedImageException;
import io.gantry.io.RandomAccessInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The snapshot table (qcow2 specification, "Snapshot table entry"). Read only when somebody asks
 * for it: the active layer does not need it.
 *
 * <pre>
 *    0 l1_table_offset   8 l1_size   12 id length  14 name length  16 seconds  20 nanoseconds
 *   24 vm clock         32 vm state size           36 extra data length
 *   40 extra data: vm state size (64 bit), disk size, icount;   id;   name;   padding to 8
 * </pre>
 */
final class SnapshotTable {

  private static final int FIXED_LENGTH = 40;
  private static final int EXTRA_MAX = 1024;

  private final List<Snapshot> snapshots;

  private SnapshotTable(List<Snapshot> snapshots) {
    this.snapshots = snapshots;
  }

  /** One entry: where its L1 table lies, and what it says of itself. */
  record Snapshot(long l1Offset, long l1Size, SnapshotInfo info) {}

  List<SnapshotInfo> infos() {
    return snapshots.stream().map(Snapshot::info).toList();
  }

  /** Finds a snapshot as QEMU does: by ID first, else by name. */
  Snapshot find(String wanted, String imageName) throws UnsupportedImageException {
    for (Snapshot snapshot : snapshots) {
      if (snapshot.info().id().equals(wanted)) {
        return snapshot;
      }
    }
    for (Snapshot snapshot : snapshots) {
      if (snapshot.info().name().equals(wanted)) {
        return snapshot;
      }
    }
    String known =
        String.join(", ", snapshots.stream().map(s -> Printable.of(s.info().name())).toList());
    throw new UnsupportedImageException(
        "%s: has no snapshot \"%s\"; it has %s"
            .formatted(imageName, wanted, known.isEmpty() ? "none" : known));
  }

  static SnapshotTable read(RandomAccessInput input, Qcow2Header header, Limits limits)
      throws IOException {
    if (header.snapshotCount() == 0) {
      return new SnapshotTable(List.of());
    }
    checkBounds(input, header, limits);
    List<Snapshot> snapshots = new ArrayList<>();
    long start = header.snapshotsOffset();
    long at = start;
    for (long index = 0; index < header.snapshotCount(); index++) {
      ByteBuffer fixed = read(input, at, FIXED_LENGTH);
      int idLength = Short.toUnsignedInt(fixed.getShort(12));
      int nameLength = Short.toUnsignedInt(fixed.getShort(14));
      long extraLength = Integer.toUnsignedLong(fixed.getInt(36));
      if (extraLength > EXTRA_MAX) {
        throw new MalformedImageException(
            "%s: snapshot %d has %d bytes of extra data, at most %d are allowed"
                .formatted(input.name(), index, extraLength, EXTRA_MAX));
      }
      ByteBuffer rest = read(input, at + FIXED_LENGTH, (int) extraLength + idLength + nameLength);
      snapshots.add(parse(header, fixed, rest, (int) extraLength, idLength, nameLength));
      at += (FIXED_LENGTH + rest.capacity() + 7) & ~7;
      if (at - start > limits.snapshotTableBytesMax()) {
        throw new ImageTooLargeException(
            "%s: snapshot table is larger than the limit, %d bytes"
                .formatted(input.name(), limits.snapshotTableBytesMax()));
      }
    }
    return new SnapshotTable(List.copyOf(snapshots));
  }

  private static void checkBounds(RandomAccessInput input, Qcow2Header header, Limits limits)
      throws ImageException {
    if (header.snapshotCount() > limits.snapshotsMax()) {
      throw new ImageTooLargeException(
          "%s: has %d snapshots, the limit is %d"
              .formatted(input.name(), header.snapshotCount(), limits.snapshotsMax()));
    }
    long offset = header.snapshotsOffset();
    Geometry geometry = header.geometry();
    if (offset < geometry.clusterSize() || geometry.offsetInCluster(offset) != 0) {
      throw new MalformedImageException(
          "%s: snapshots_offset is %s, must be a multiple of the cluster size, %d, and not 0"
              .formatted(input.name(), Long.toUnsignedString(offset), geometry.clusterSize()));
    }
    if (header.snapshotCount() > (input.size() - offset) / FIXED_LENGTH) {
      throw new MalformedImageException(
          "%s: truncated: %d snapshots at %d do not fit in a file of %d bytes"
              .formatted(input.name(), header.snapshotCount(), offset, input.size()));
    }
  }

  private static ByteBuffer read(RandomAccessInput input, long offset, int length)
      throws IOException {
    if (offset > input.size() - length) {
      throw new MalformedImageException(
          "%s: truncated in the snapshot table: need bytes %d to %d, the file ends at %d"
              .formatted(input.name(), offset, offset + length, input.size()));
    }
    ByteBuffer bytes = ByteBuffer.allocate(length);
    input.readFully(offset, bytes);
    return bytes.flip();
  }

  private static Snapshot parse(
      Qcow2Header header,
      ByteBuffer fixed,
      ByteBuffer rest,
      int extraLength,
      int idLength,
      int nameLength) {
    long vmStateSize =
        extraLength >= 8 ? rest.getLong(0) : Integer.toUnsignedLong(fixed.getInt(32));
    long virtualSize = extraLength >= 16 ? rest.getLong(8) : header.geometry().virtualSize();
    long icount = extraLength >= 24 ? rest.getLong(16) : -1;
    SnapshotInfo info =
        new SnapshotInfo(
            HeaderExtensions.text(rest, extraLength, idLength),
            HeaderExtensions.text(rest, extraLength + idLength, nameLength),
            vmStateSize,
            Integer.toUnsignedLong(fixed.getInt(16)),
            Integer.toUnsignedLong(fixed.getInt(20)),
            fixed.getLong(24),
            icount,
            virtualSize);
    return new Snapshot(fixed.getLong(0), Integer.toUnsignedLong(fixed.getInt(8)), info);
  }
}
