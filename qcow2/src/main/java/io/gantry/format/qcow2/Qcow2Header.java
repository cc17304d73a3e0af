package io.gantry.format.qcow2;

import io.gantry.image.ClusterCompression;
import io.gantry.image.ImageException;
import io.gantry.image.ImageTooLargeException;
import io.gantry.image.Limits;
import io.gantry.image.MalformedImageException;
import io.gantry.image.UnsupportedImageException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The header of a QCOW2 image, versions 2 and 3 (qemu docs/interop/qcow2, "Header").
 *
 * <pre>
 *    0 magic            20 cluster_bits   48 refcount_table_offset    72 incompatible_features
 *    4 version          24 size           56 refcount_table_clusters  80 compatible_features
 *    8 backing offset   32 crypt_method   60 nb_snapshots             88 autoclear_features
 *   16 backing length   36 l1_size        64 snapshots_offset         96 refcount_order
 *                       40 l1_table_offset   (version 2 ends here)   100 header_length
 *                                                                    104 compression_type
 * </pre>
 *
 * <p>All numbers are big endian. Every one that is used later is checked here, so that whatever is
 * derived from it is safe; fields a reader has no use for (refcounts, autoclear) are not judged.
 */
record Qcow2Header(
    int version,
    Geometry geometry,
    int cryptMethod,
    int l1Size,
    long l1Offset,
    long refcountTableOffset,
    long refcountTableClusters,
    int refcountOrder,
    long snapshotCount,
    long snapshotsOffset,
    long incompatible,
    long compatible,
    long autoclear,
    int headerLength,
    ClusterCompression compression,
    Optional<String> backingFile,
    HeaderExtensions extensions) {

  static final int MAGIC = 0x514649fb;
  static final int V2_LENGTH = 72;
  static final int V3_LENGTH_MIN = 104;
  static final int MIN_CLUSTER_BITS = 9;
  static final int MAX_CLUSTER_BITS = 21;
  static final int BACKING_NAME_MAX = 1023;

  private static final long DIRTY = 1;
  private static final long CORRUPT = 1 << 1;
  private static final long DATA_FILE = 1 << 2;
  private static final long COMPRESSION_TYPE = 1 << 3;
  private static final long EXTENDED_L2 = 1 << 4;
  private static final long KNOWN_INCOMPATIBLE =
      DIRTY | CORRUPT | DATA_FILE | COMPRESSION_TYPE | EXTENDED_L2;

  /** Subclusters of less than 512 bytes do not exist: 32 of them need 16 KiB clusters. */
  private static final int EXTENDED_L2_MIN_CLUSTER_BITS = 14;

  boolean dirty() {
    return (incompatible & DIRTY) != 0;
  }

  boolean corrupt() {
    return (incompatible & CORRUPT) != 0;
  }

  boolean usesDataFile() {
    return (incompatible & DATA_FILE) != 0;
  }

  boolean encrypted() {
    return cryptMethod != 0;
  }

  /**
   * Returns how many bytes of the file's beginning {@link #parse} wants to see: the first cluster,
   * or less if the header is already seen to be unusable.
   *
   * @param start at least the first 24 bytes
   */
  static int bytesWanted(ByteBuffer start, String name) throws MalformedImageException {
    require(start, V2_LENGTH, name);
    int clusterBits = start.getInt(start.position() + 20);
    checkClusterBits(clusterBits, name);
    return 1 << clusterBits;
  }

  /**
   * Parses the header from the beginning of the file.
   *
   * @param start the first cluster, or the whole file if it is shorter
   */
  static Qcow2Header parse(ByteBuffer start, String name, Limits limits) throws ImageException {
    require(start, V2_LENGTH, name);
    ByteBuffer bytes = start.slice();
    if (bytes.getInt(0) != MAGIC) {
      throw new MalformedImageException(
          "%s: is not a QCOW2 image: magic is %08x, must be %08x"
              .formatted(name, bytes.getInt(0), MAGIC));
    }
    int version = checkVersion(bytes.getInt(4), name);
    int clusterBits = checkClusterBits(bytes.getInt(20), name);
    boolean v3 = version >= 3;
    if (v3) {
      require(bytes, V3_LENGTH_MIN, name);
    }
    int headerLength = v3 ? checkHeaderLength(bytes.getInt(100), clusterBits, name) : V2_LENGTH;
    require(bytes, headerLength, name);
    long incompatible = v3 ? bytes.getLong(72) : 0;
    boolean extendedL2 = (incompatible & EXTENDED_L2) != 0;
    if (extendedL2 && clusterBits < EXTENDED_L2_MIN_CLUSTER_BITS) {
      throw new MalformedImageException(
          "%s: extended L2 entries need cluster_bits of at least %d, got %d"
              .formatted(name, EXTENDED_L2_MIN_CLUSTER_BITS, clusterBits));
    }
    ClusterCompression compression = compression(bytes, incompatible, headerLength, name);
    int cryptMethod = checkCryptMethod(bytes.getInt(32), name);
    Geometry geometry =
        new Geometry(clusterBits, extendedL2, checkVirtualSize(bytes.getLong(24), name, limits));
    int l1Size = checkL1Size(bytes.getInt(36), geometry, name, limits);
    long l1Offset = checkL1Offset(bytes.getLong(40), geometry, name);
    HeaderExtensions extensions =
        HeaderExtensions.parse(bytes, headerLength, extensionsEnd(bytes, clusterBits), name);
    checkIncompatible(incompatible, extensions, name);
    return new Qcow2Header(
        version,
        geometry,
        cryptMethod,
        l1Size,
        l1Offset,
        bytes.getLong(48),
        Integer.toUnsignedLong(bytes.getInt(56)),
        v3 ? bytes.getInt(96) : 4,
        Integer.toUnsignedLong(bytes.getInt(60)),
        bytes.getLong(64),
        incompatible,
        v3 ? bytes.getLong(80) : 0,
        v3 ? bytes.getLong(88) : 0,
        headerLength,
        compression,
        backingFile(bytes, clusterBits, name),
        extensions);
  }

  private static void require(ByteBuffer bytes, int length, String name)
      throws MalformedImageException {
    if (bytes.remaining() < length) {
      throw new MalformedImageException(
          "%s: truncated in the QCOW2 header: %d bytes, need %d"
              .formatted(name, bytes.remaining(), length));
    }
  }

  private static int checkVersion(int version, String name) throws ImageException {
    if (version == 2 || version == 3) {
      return version;
    }
    String message =
        "%s: QCOW version is %s, only 2 and 3 are decoded"
            .formatted(name, Integer.toUnsignedString(version));
    if (version == 1) {
      throw new UnsupportedImageException(
          message + "; convert it with qemu-img convert -f qcow -O qcow2 first");
    }
    throw new UnsupportedImageException(message);
  }

  private static int checkClusterBits(int clusterBits, String name) throws MalformedImageException {
    if (clusterBits < MIN_CLUSTER_BITS || clusterBits > MAX_CLUSTER_BITS) {
      throw new MalformedImageException(
          "%s: cluster_bits is %s, must be %d..%d"
              .formatted(
                  name, Integer.toUnsignedString(clusterBits), MIN_CLUSTER_BITS, MAX_CLUSTER_BITS));
    }
    return clusterBits;
  }

  private static int checkHeaderLength(int length, int clusterBits, String name)
      throws MalformedImageException {
    if (length < V3_LENGTH_MIN || length > 1 << clusterBits) {
      throw new MalformedImageException(
          "%s: header_length is %s, must be %d..%d"
              .formatted(name, Integer.toUnsignedString(length), V3_LENGTH_MIN, 1 << clusterBits));
    }
    return length;
  }

  private static ClusterCompression compression(
      ByteBuffer bytes, long incompatible, int headerLength, String name) throws ImageException {
    int type = headerLength > V3_LENGTH_MIN ? Byte.toUnsignedInt(bytes.get(104)) : 0;
    boolean flagged = (incompatible & COMPRESSION_TYPE) != 0;
    if (flagged != (type != 0)) {
      throw new MalformedImageException(
          "%s: compression_type is %d, but incompatible bit 3 is %s"
              .formatted(name, type, flagged ? "set" : "clear"));
    }
    return switch (type) {
      case 0 -> ClusterCompression.DEFLATE;
      case 1 -> ClusterCompression.ZSTD;
      default ->
          throw new UnsupportedImageException(
              "%s: compression_type is %d, known are 0 (deflate) and 1 (zstd)"
                  .formatted(name, type));
    };
  }

  private static int checkCryptMethod(int method, String name) throws MalformedImageException {
    if (method < 0 || method > 2) {
      throw new MalformedImageException(
          "%s: crypt_method is %s, must be 0 (none), 1 (AES) or 2 (LUKS)"
              .formatted(name, Integer.toUnsignedString(method)));
    }
    return method;
  }

  private static long checkVirtualSize(long size, String name, Limits limits)
      throws ImageTooLargeException {
    if (size < 0 || size > limits.virtualSizeMax()) {
      throw new ImageTooLargeException(
          "%s: virtual size is %s bytes, the limit is %d"
              .formatted(name, Long.toUnsignedString(size), limits.virtualSizeMax()));
    }
    return size;
  }

  private static int checkL1Size(int l1Size, Geometry geometry, String name, Limits limits)
      throws ImageException {
    long entries = Integer.toUnsignedLong(l1Size);
    if (entries > limits.l1BytesMax() / Long.BYTES) {
      throw new ImageTooLargeException(
          "%s: L1 size too big: %d entries, the limit is %d"
              .formatted(name, entries, limits.l1BytesMax() / Long.BYTES));
    }
    if (entries < geometry.l1EntriesNeeded()) {
      throw new MalformedImageException(
          "%s: l1_size is %d, a virtual size of %d needs %d entries"
              .formatted(name, entries, geometry.virtualSize(), geometry.l1EntriesNeeded()));
    }
    return l1Size;
  }

  private static long checkL1Offset(long offset, Geometry geometry, String name)
      throws MalformedImageException {
    if (geometry.l1EntriesNeeded() == 0) {
      return offset;
    }
    if (offset < geometry.clusterSize() || geometry.offsetInCluster(offset) != 0) {
      throw new MalformedImageException(
          "%s: l1_table_offset is %s, must be a multiple of the cluster size, %d, and not 0"
              .formatted(name, Long.toUnsignedString(offset), geometry.clusterSize()));
    }
    return offset;
  }

  private static int extensionsEnd(ByteBuffer bytes, int clusterBits) {
    long backingOffset = bytes.getLong(8);
    int clusterSize = 1 << clusterBits;
    return backingOffset > 0 && backingOffset < clusterSize ? (int) backingOffset : clusterSize;
  }

  private static void checkIncompatible(long incompatible, HeaderExtensions extensions, String name)
      throws UnsupportedImageException {
    long unknown = incompatible & ~KNOWN_INCOMPATIBLE;
    if (unknown != 0) {
      throw new UnsupportedImageException(
          "%s: uses features that are not known here: %s"
              .formatted(name, extensions.describeIncompatible(unknown)));
    }
  }

  private static Optional<String> backingFile(ByteBuffer bytes, int clusterBits, String name)
      throws MalformedImageException {
    long offset = bytes.getLong(8);
    if (offset == 0) {
      return Optional.empty();
    }
    long length = Integer.toUnsignedLong(bytes.getInt(16));
    long clusterSize = 1L << clusterBits;
    if (offset < 0
        || offset > clusterSize
        || length > Math.min(BACKING_NAME_MAX, clusterSize - offset)) {
      throw new MalformedImageException(
          "%s: backing file name of %d bytes at %s; it may have %d bytes and must end in the first"
                  .formatted(name, length, Long.toUnsignedString(offset), BACKING_NAME_MAX)
              + " cluster, at "
              + clusterSize);
    }
    if (length == 0) {
      return Optional.empty();
    }
    require(bytes, Math.toIntExact(offset + length), name);
    return Optional.of(HeaderExtensions.text(bytes, (int) offset, (int) length));
  }
}
