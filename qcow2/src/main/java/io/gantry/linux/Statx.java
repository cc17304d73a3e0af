package io.gantry.linux;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What statx(2) says of an open file. Unlike {@code struct stat}, its layout is the same on every
 * architecture.
 *
 * @param blockSize preferred block size for I/O
 * @param inode number of the inode
 * @param allocatedBytes bytes of the file that have blocks
 * @param directMemoryAlignment what O_DIRECT asks of buffers, 0 when the kernel does not say
 * @param directOffsetAlignment what O_DIRECT asks of offsets and lengths, 0 when not said
 */
public record Statx(
    int blockSize,
    long inode,
    long allocatedBytes,
    int directMemoryAlignment,
    int directOffsetAlignment) {

  static final int STATX_BASIC_STATS = 0x07ff;

  /** Known since Linux 6.1; an older kernel leaves the bit out of {@code stx_mask}. */
  static final int STATX_DIOALIGN = 0x2000;

  static final int BYTES = 256;

  private static final int STX_MASK = 0;
  private static final int STX_BLKSIZE = 4;
  private static final int STX_INO = 32;
  private static final int STX_BLOCKS = 48;
  private static final int STX_DIO_MEM_ALIGN = 152;
  private static final int STX_DIO_OFFSET_ALIGN = 156;

  /** {@code stx_blocks} counts these, whatever the file system's blocks are. */
  private static final int STAT_BLOCK = 512;

  static Statx decode(MemorySegment memory) {
    ByteBuffer statx = memory.asByteBuffer().order(ByteOrder.nativeOrder());
    boolean saysAlignment = (statx.getInt(STX_MASK) & STATX_DIOALIGN) != 0;
    return new Statx(
        statx.getInt(STX_BLKSIZE),
        statx.getLong(STX_INO),
        statx.getLong(STX_BLOCKS) * STAT_BLOCK,
        saysAlignment ? statx.getInt(STX_DIO_MEM_ALIGN) : 0,
        saysAlignment ? statx.getInt(STX_DIO_OFFSET_ALIGN) : 0);
  }
}
