package io.gantry.linux;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What statx(2) says of a file. Unlike {@code struct stat}, its layout is the same on every
 * architecture.
 *
 * @param blockSize preferred block size for I/O
 * @param mode type and permissions, {@code st_mode}
 * @param device number of the file system's device
 * @param inode number of the inode
 * @param allocatedBytes bytes of the file that have blocks
 * @param directMemoryAlignment what O_DIRECT asks of buffers, 0 when the kernel does not say
 * @param directOffsetAlignment what O_DIRECT asks of offsets and lengths, 0 when not said
 */
public record Statx(
    int blockSize,
    int mode,
    long device,
    long inode,
    long allocatedBytes,
    int directMemoryAlignment,
    int directOffsetAlignment) {

  static final int STATX_BASIC_STATS = 0x07ff;

  /** Known since Linux 6.1; an older kernel leaves the bit out of {@code stx_mask}. */
  static final int STATX_DIOALIGN = 0x2000;

  static final int BYTES = 256;

  private static final int S_IFMT = 0170000;
  private static final int S_IFDIR = 0040000;
  private static final int S_IFLNK = 0120000;

  private static final int STX_MASK = 0;
  private static final int STX_BLKSIZE = 4;
  private static final int STX_MODE = 28;
  private static final int STX_INO = 32;
  private static final int STX_BLOCKS = 48;
  private static final int STX_DEV_MAJOR = 136;
  private static final int STX_DEV_MINOR = 140;
  private static final int STX_DIO_MEM_ALIGN = 152;
  private static final int STX_DIO_OFFSET_ALIGN = 156;

  /** {@code stx_blocks} counts these, whatever the file system's blocks are. */
  private static final int STAT_BLOCK = 512;

  /** Says whether this is a directory. */
  public boolean isDirectory() {
    return (mode & S_IFMT) == S_IFDIR;
  }

  /** Says whether this is a symbolic link. */
  public boolean isSymbolicLink() {
    return (mode & S_IFMT) == S_IFLNK;
  }

  /** Says whether both are the same file, under whatever names. */
  public boolean isSameFile(Statx other) {
    return device == other.device && inode == other.inode;
  }

  static Statx decode(MemorySegment memory) {
    ByteBuffer statx = memory.asByteBuffer().order(ByteOrder.nativeOrder());
    boolean saysAlignment = (statx.getInt(STX_MASK) & STATX_DIOALIGN) != 0;
    return new Statx(
        statx.getInt(STX_BLKSIZE),
        Short.toUnsignedInt(statx.getShort(STX_MODE)),
        ((long) statx.getInt(STX_DEV_MAJOR) << 32)
            | Integer.toUnsignedLong(statx.getInt(STX_DEV_MINOR)),
        statx.getLong(STX_INO),
        statx.getLong(STX_BLOCKS) * STAT_BLOCK,
        saysAlignment ? statx.getInt(STX_DIO_MEM_ALIGN) : 0,
        saysAlignment ? statx.getInt(STX_DIO_OFFSET_ALIGN) : 0);
  }
}
