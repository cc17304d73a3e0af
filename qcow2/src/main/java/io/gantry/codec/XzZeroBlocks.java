package io.gantry.codec;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

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

  private final List<Stored> known = new CopyOnWriteArrayList<>();

  /** Says whether a block may be one of these: all that is known of it fits. */
  static boolean mayHold(XzBlock block) {
    XzBlockHeader header = block.header();
    return header.isSized()
        && header.filters().converters().isEmpty()
        && header.compressedSize() <= STORED_MAX
        && header.uncompressedSize() / EXPANSION_MIN >= header.compressedSize();
  }

  boolean contains(Stored block) {
    for (Stored one : known) {
      if (one.isSame(block)) {
        return true;
      }
    }
    return false;
  }

  /** Takes down a block that was decoded and verified. */
  void add(Stored block) {
    if (known.size() < KNOWN_MAX && !contains(block)) {
      known.add(block);
    }
  }

  static boolean isZero(ByteBuffer data) {
    int end = data.limit();
    for (int at = data.position(); at < end; at += ZEROS.length) {
      int count = Math.min(ZEROS.length, end - at);
      if (data.slice(at, count).mismatch(ByteBuffer.wrap(ZEROS, 0, count)) >= 0) {
        return false;
      }
    }
    return true;
  }

  /** All that the content of a block depends on, and its integrity. */
  static final class Stored {

    private final XzCheck check;
    private final XzBlockHeader header;

    /** Compressed data, padding and check value. */
    private final byte[] bytes;

    private Stored(XzCheck check, XzBlockHeader header, byte[] bytes) {
      this.check = check;
      this.header = header;
      this.bytes = bytes;
    }

    static Stored of(XzBlock block, byte[] bytes) {
      return new Stored(block.check(), block.header(), bytes);
    }

    /** Not the equality of a record, which the JVM takes 50 ms to make when it is first asked. */
    private boolean isSame(Stored other) {
      return check == other.check
          && header.compressedSize() == other.header.compressedSize()
          && header.uncompressedSize() == other.header.uncompressedSize()
          && header.filters().dictionarySize() == other.header.filters().dictionarySize()
          && Arrays.equals(bytes, other.bytes);
    }
  }
}
