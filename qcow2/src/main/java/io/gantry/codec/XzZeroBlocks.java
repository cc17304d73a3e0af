package io.gantry.codec;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The compressed bytes of blocks that were found to hold nothing but zeros. Whatever is compressed
 * to the same bytes is the same, so it need not be decoded again: most of a disk is empty, and a
 * writer that works on several cores makes the same few kilobytes of each empty block. Shared by
 * the decoders of a file.
 */
final class XzZeroBlocks {

  /** The 24 MiB of {@code xz -6} come to less than four kilobytes. */
  private static final int STORED_MAX = 64 << 10;

  /** Of zeros, LZMA2 makes less than a six thousandth, and of nothing else much less than this. */
  private static final int EXPANSION_MIN = 1000;

  /** A writer makes one kind, or two when the last block is shorter. */
  private static final int KNOWN_MAX = 4;

  /** To compare and to compute with; never written to. */
  static final byte[] ZEROS = new byte[64 << 10];

  private final Set<Stored> known = ConcurrentHashMap.newKeySet();

  /** Says whether a block may be one of these: all that is known of it fits. */
  static boolean mayHold(XzBlock block) {
    XzBlockHeader header = block.header();
    return header.isSized()
        && header.filters().converters().isEmpty()
        && header.compressedSize() <= STORED_MAX
        && header.uncompressedSize() / EXPANSION_MIN >= header.compressedSize();
  }

  boolean contains(Stored block) {
    return known.contains(block);
  }

  /** Takes down a block that was decoded and verified. */
  void add(Stored block) {
    if (known.size() < KNOWN_MAX) {
      known.add(block);
    }
  }

  static boolean isZero(byte[] bytes, int offset, int length) {
    int end = offset + length;
    for (int at = offset; at < end; at += ZEROS.length) {
      int count = Math.min(ZEROS.length, end - at);
      if (Arrays.mismatch(bytes, at, at + count, ZEROS, 0, count) >= 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * All that the content of a block depends on, and its integrity.
   *
   * @param bytes compressed data, padding and check value
   */
  record Stored(
      XzCheck check,
      long compressedSize,
      long uncompressedSize,
      long dictionary,
      ByteBuffer bytes) {

    static Stored of(XzBlock block, byte[] bytes) {
      XzBlockHeader header = block.header();
      return new Stored(
          block.check(),
          header.compressedSize(),
          header.uncompressedSize(),
          header.filters().dictionarySize(),
          ByteBuffer.wrap(bytes).asReadOnlyBuffer());
    }
  }
}
