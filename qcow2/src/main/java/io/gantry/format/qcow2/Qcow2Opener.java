package io.gantry.format.qcow2;

import io.gantry.format.BackingOpener;
import io.gantry.format.Format;
import io.gantry.format.OpenOptions;
import io.gantry.image.Image;
import io.gantry.image.ImageException;
import io.gantry.image.ImageInfo;
import io.gantry.image.Limits;
import io.gantry.image.MalformedImageException;
import io.gantry.image.SnapshotInfo;
import io.gantry.image.UnsupportedImageException;
import io.gantry.io.RandomAccessInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Opens QCOW2 images: header, snapshot if asked for, L1 table, the files it names if allowed. */
public final class Qcow2Opener {

  /** L1 entries are read in pieces of this many bytes. */
  private static final int L1_PIECE = 1 << 20;

  private final RandomAccessInput input;
  private final OpenOptions options;
  private final Qcow2Header header;

  private Qcow2Opener(RandomAccessInput input, OpenOptions options, Qcow2Header header) {
    this.input = input;
    this.options = options;
    this.header = header;
  }

  /**
   * Opens the image for reading guest data.
   *
   * @param backingOpener opens the files that the image names, as far as they are allowed
   */
  public static Image open(
      RandomAccessInput input, BackingOpener backingOpener, OpenOptions options)
      throws IOException {
    Qcow2Opener opener = new Qcow2Opener(input, options, readHeader(input, options.limits()));
    return opener.openLayer(backingOpener);
  }

  /** Describes the image; nothing it names is opened, no table but the snapshots' is read. */
  public static ImageInfo info(RandomAccessInput input, OpenOptions options) throws IOException {
    Qcow2Header header = readHeader(input, options.limits());
    List<SnapshotInfo> snapshots = SnapshotTable.read(input, header, options.limits()).infos();
    return Qcow2Info.describe(header, header.geometry().virtualSize(), input.size(), snapshots);
  }

  private static Qcow2Header readHeader(RandomAccessInput input, Limits limits) throws IOException {
    ByteBuffer start = read(input, Qcow2Header.V2_LENGTH);
    int wanted = Qcow2Header.bytesWanted(start, input.name());
    return Qcow2Header.parse(read(input, wanted), input.name(), limits);
  }

  private static ByteBuffer read(RandomAccessInput input, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(length, input.size()));
    input.readFully(0, bytes);
    return bytes.flip();
  }

  private Image openLayer(BackingOpener backingOpener) throws IOException {
    checkReadable();
    Geometry geometry = header.geometry();
    long l1Offset = header.l1Offset();
    if (options.snapshot().isPresent()) {
      SnapshotTable.Snapshot snapshot =
          SnapshotTable.read(input, header, options.limits())
              .find(options.snapshot().get(), input.name());
      geometry = snapshotGeometry(snapshot);
      l1Offset = snapshot.l1Offset();
    }
    L1Table l1 = readL1(geometry, l1Offset);
    ImageInfo info = Qcow2Info.describe(header, geometry.virtualSize(), input.size(), List.of());
    RandomAccessInput dataInput = openDataFile(backingOpener);
    Image backing = openBacking(backingOpener);
    return new Qcow2Image(input, dataInput, header, geometry, l1, info, backing, options.limits());
  }

  private void checkReadable() throws ImageException {
    Qcow2Restrictions.checkNotEncrypted(header, input.name());
    Qcow2Restrictions.checkReferences(header, options, input.name());
  }

  private Geometry snapshotGeometry(SnapshotTable.Snapshot snapshot) throws ImageException {
    String name = Printable.of(snapshot.info().name());
    long size = snapshot.info().virtualSize();
    if (size < 0 || size > options.limits().virtualSizeMax()) {
      throw new MalformedImageException(
          "%s: snapshot \"%s\" has a virtual size of %s bytes, the limit is %d"
              .formatted(
                  input.name(),
                  name,
                  Long.toUnsignedString(size),
                  options.limits().virtualSizeMax()));
    }
    Geometry geometry = header.geometry().withVirtualSize(size);
    long needed = geometry.l1EntriesNeeded();
    if (snapshot.l1Size() < needed || needed > options.limits().l1BytesMax() / Long.BYTES) {
      throw new MalformedImageException(
          "%s: snapshot \"%s\" has %d L1 entries, a virtual size of %d needs %d"
              .formatted(input.name(), name, snapshot.l1Size(), size, needed));
    }
    long offset = snapshot.l1Offset();
    if (needed > 0 && (offset < geometry.clusterSize() || geometry.offsetInCluster(offset) != 0)) {
      throw new MalformedImageException(
          "%s: snapshot \"%s\" has its L1 table at %s, must be a multiple of %d and not 0"
              .formatted(
                  input.name(), name, Long.toUnsignedString(offset), geometry.clusterSize()));
    }
    return geometry;
  }

  private L1Table readL1(Geometry geometry, long offset) throws IOException {
    long byteCount = geometry.l1EntriesNeeded() * Long.BYTES;
    if (byteCount > 0 && offset > input.size() - byteCount) {
      throw new MalformedImageException(
          "%s: truncated: the L1 table needs bytes %s to %s, the file ends at %d"
              .formatted(
                  input.name(),
                  Long.toUnsignedString(offset),
                  Long.toUnsignedString(offset + byteCount),
                  input.size()));
    }
    L1Table l1 = L1Table.ofSize((int) geometry.l1EntriesNeeded());
    int index = 0;
    while (index < l1.entryCount()) {
      long at = (long) index * Long.BYTES;
      ByteBuffer piece = ByteBuffer.allocate((int) Math.min(L1_PIECE, byteCount - at));
      input.readFully(offset + at, piece);
      index = l1.fill(index, piece.flip());
    }
    l1.check(geometry, input.size(), options.limits(), input.name());
    return l1;
  }

  private RandomAccessInput openDataFile(BackingOpener backingOpener) throws IOException {
    if (!header.usesDataFile()) {
      return input;
    }
    Optional<String> dataFile = header.extensions().dataFile().filter(name -> !name.isEmpty());
    if (dataFile.isEmpty()) {
      throw new UnsupportedImageException(
          input.name() + ": keeps its data in an external file, but does not name it");
    }
    return backingOpener.openDataFile(dataFile.get());
  }

  private @Nullable Image openBacking(BackingOpener backingOpener) throws IOException {
    if (header.backingFile().isEmpty()) {
      return null;
    }
    String name = header.backingFile().get();
    Optional<String> formatName = header.extensions().backingFormat();
    if (formatName.isEmpty()) {
      throw new UnsupportedImageException(
          "%s: does not record the format of its backing file \"%s\"; record it with qemu-img rebase -u -F"
              .formatted(input.name(), Printable.of(name)));
    }
    Format format =
        switch (formatName.get()) {
          case "raw" -> Format.RAW;
          case "qcow2" -> Format.QCOW2;
          default ->
              throw new UnsupportedImageException(
                  "%s: its backing file \"%s\" has format \"%s\", only raw and qcow2 are followed"
                      .formatted(input.name(), Printable.of(name), Printable.of(formatName.get())));
        };
    return backingOpener.openBacking(name, format);
  }
}
