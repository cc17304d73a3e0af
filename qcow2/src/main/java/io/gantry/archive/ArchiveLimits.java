package io.gantry.archive;

/**
 * Every bound we put on a stranger's archive. The memory that unpacking takes is the sum of the
 * last three, beside buffers; it does not grow with the archive.
 *
 * @param membersMax most members
 * @param nameBytesMax longest name of a member or link target, bytes (Linux: PATH_MAX is 4096 with
 *     the NUL at the end)
 * @param depthMax most directories above a member
 * @param recordBytesMax largest PAX extended header or GNU long name, bytes
 * @param sparseExtentsMax most pieces of data in a sparse member; each takes 16 bytes of memory
 * @param directoryBytesMax most memory for directories whose mode and time are set at the end
 */
public record ArchiveLimits(
    long membersMax,
    int nameBytesMax,
    int depthMax,
    int recordBytesMax,
    int sparseExtentsMax,
    long directoryBytesMax) {

  public static final ArchiveLimits DEFAULT =
      new ArchiveLimits(16 << 20, 4095, 1024, 4 << 20, 1 << 20, 64L << 20);
}
