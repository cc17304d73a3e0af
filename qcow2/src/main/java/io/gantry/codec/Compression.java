package io.gantry.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** Compression around a whole image, told by its first bytes. */
public enum Compression {
  /** RFC 1952. */
  GZIP("gz", "\u001F\u008B"),
  /** The .xz file format 1.2. */
  XZ("xz", "\u00FD7zXZ\0"),
  /** RFC 8878. */
  ZSTD("zst", "(\u00B5/\u00FD");

  private static final int SKIPPABLE_MAGIC = 0x184D2A50;
  private static final int SKIPPABLE_MASK = 0xFFFFFFF0;
  private static final int SKIPPABLE_HEADER_BYTES = 8;

  private final String id;

  /** One byte per character. */
  private final String magic;

  Compression(String id, String magic) {
    this.id = id;
    this.magic = magic;
  }

  /** Returns the name used in output: the usual file name extension. */
  public String id() {
    return id;
  }

  /**
   * Tells the compression of a stream by its first bytes, which are not consumed.
   *
   * <p>A stream of zstd may begin with skippable frames (pzstd writes one before each frame). LZ4
   * shares their magic, so they are passed over, and the magic behind them decides. Where they
   * reach past {@code head}, the stream counts as not compressed.
   */
  public static Optional<Compression> detect(ByteBuffer head) {
    for (Compression compression : values()) {
      if (compression.magicAt(head, 0) == compression.magic.length()) {
        return Optional.of(compression);
      }
    }
    int behind = endOfSkippableFrames(head);
    return behind > 0 && ZSTD.magicAt(head, behind) == ZSTD.magic.length()
        ? Optional.of(ZSTD)
        : Optional.empty();
  }

  /**
   * Tells of which compression {@code whole}, a complete stream, holds two or more bytes of the
   * magic and nothing else. No disk looks like that, so it is a file cut short.
   */
  static Optional<Compression> cutInsideMagic(ByteBuffer whole) {
    for (Compression compression : values()) {
      int length = whole.remaining();
      if (length >= 2
          && length < compression.magic.length()
          && compression.magicAt(whole, 0) == length) {
        return Optional.of(compression);
      }
    }
    return Optional.empty();
  }

  /** Returns how many bytes of the magic are found at {@code offset} from the head's position. */
  private int magicAt(ByteBuffer head, int offset) {
    int available = Math.min(magic.length(), head.remaining() - offset);
    int matched = 0;
    while (matched < available
        && head.get(head.position() + offset + matched) == (byte) magic.charAt(matched)) {
      matched++;
    }
    return matched;
  }

  private static int endOfSkippableFrames(ByteBuffer head) {
    ByteBuffer frames = head.slice().order(ByteOrder.LITTLE_ENDIAN);
    int at = 0;
    while (frames.limit() - at >= SKIPPABLE_HEADER_BYTES
        && (frames.getInt(at) & SKIPPABLE_MASK) == SKIPPABLE_MAGIC) {
      long end = at + SKIPPABLE_HEADER_BYTES + Integer.toUnsignedLong(frames.getInt(at + 4));
      if (end > frames.limit()) {
        return 0;
      }
      at = (int) end;
    }
    return at;
  }
}
