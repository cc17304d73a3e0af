package io.gantry.image;

/**
 * Every bound we put on a stranger's image. A header is a claim: what it asks for is compared with
 * these before anything is allocated or looped over.
 *
 * @param virtualSizeMax largest virtual size, bytes. 2^60 is far over any file system and device of
 *     today; QEMU itself stops at 2^61 for 2 MiB clusters with a 32 MiB L1 table
 * @param l1BytesMax largest L1 table, bytes (QEMU: 32 MiB)
 * @param snapshotsMax most internal snapshots looked at (QEMU: 65536)
 * @param snapshotTableBytesMax largest snapshot table, bytes (QEMU: 64 MiB)
 * @param backingDepthMax most images in a backing chain
 * @param expansionMax how many bytes of guest data may come from one byte of file by naming the
 *     same host cluster again and again
 * @param tableLoadsMax most L2 tables loaded in one pass beyond those that the file has room for
 * @param mappingBytesMax most memory for mappings waiting for their data while streaming, bytes
 * @param windowBytesMax most memory for data waiting for its mapping while streaming, bytes
 * @param xzMemoryMax most memory of one xz decoder, bytes (a 64 MiB dictionary, {@code xz -9})
 * @param zstdWindowMax largest zstd window, bytes
 */
public record Limits(
    long virtualSizeMax,
    long l1BytesMax,
    int snapshotsMax,
    long snapshotTableBytesMax,
    int backingDepthMax,
    long expansionMax,
    long tableLoadsMax,
    long mappingBytesMax,
    long windowBytesMax,
    long xzMemoryMax,
    long zstdWindowMax) {

  public static final Limits DEFAULT =
      new Limits(
          1L << 60, 32L << 20, 65_536, 64L << 20, 32, 64, 1 << 20, 48L << 20, 32L << 20, 80L << 20,
          1L << 29);

  /** Returns the same limits with another streaming window, bytes. */
  public Limits withWindow(long bytes) {
    return new Limits(
        virtualSizeMax,
        l1BytesMax,
        snapshotsMax,
        snapshotTableBytesMax,
        backingDepthMax,
        expansionMax,
        tableLoadsMax,
        mappingBytesMax,
        bytes,
        xzMemoryMax,
        zstdWindowMax);
  }
}
