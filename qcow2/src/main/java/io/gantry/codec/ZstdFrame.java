package io.gantry.codec;

import io.gantry.image.MalformedImageException;
import java.nio.ByteBuffer;

/**
 * Where one zstd frame ends and what its header claims, found without decoding anything (RFC 8878,
 * section 3.1).
 *
 * <pre>
 *   magic 28 B5 2F FD │ descriptor 1 │ window 0-1 │ dictionary ID 0-4 │ content size 0-8
 *   block header 3, block …                        (until the one marked last)
 *   checksum 0 or 4
 *
 *   magic 5x 2A 4D 18 │ size 4 │ size bytes that mean nothing               (skippable frame)
 * </pre>
 *
 * @param end index in the buffer just behind the frame
 * @param skippable holds no content
 * @param windowSize memory the writer asks a streaming decoder for, bytes
 * @param contentSize decoded bytes as the header claims; -1 when it does not say
 * @param dictionaryId 0 when it needs none
 */
record ZstdFrame(int end, boolean skippable, long windowSize, long contentSize, long dictionaryId) {

  private static final int MAGIC = 0xFD2FB528;
  private static final int SKIPPABLE_MAGIC = 0x184D2A50;
  private static final int SKIPPABLE_MASK = 0xFFFFFFF0;
  private static final int BLOCK_HEADER_LENGTH = 3;
  private static final int BLOCK_RLE = 1;
  private static final int BLOCK_RESERVED = 3;

  /**
   * Reads the frame that begins at {@code start} and must end within the buffer.
   *
   * @param src little endian
   */
  static ZstdFrame at(ByteBuffer src, int start) throws MalformedImageException {
    int limit = src.limit();
    if (limit - start < Integer.BYTES) {
      throw cutShort("frame magic", start, limit);
    }
    int magic = src.getInt(start);
    if ((magic & SKIPPABLE_MASK) == SKIPPABLE_MAGIC) {
      return skippableAt(src, start, limit);
    }
    if (magic != MAGIC) {
      throw new MalformedImageException(
          "zstd frame must begin with fd2fb528, got %08x".formatted(magic));
    }
    return dataFrameAt(src, start + Integer.BYTES, limit);
  }

  private static ZstdFrame skippableAt(ByteBuffer src, int start, int limit)
      throws MalformedImageException {
    int body = start + 2 * Integer.BYTES;
    if (body > limit) {
      throw cutShort("skippable frame", start, limit);
    }
    long size = littleEndian(src, start + Integer.BYTES, Integer.BYTES);
    if (size > limit - body) {
      throw cutShort("skippable frame of " + size + " bytes", body, limit);
    }
    return new ZstdFrame(body + (int) size, true, 0, 0, 0);
  }

  private static ZstdFrame dataFrameAt(ByteBuffer src, int start, int limit)
      throws MalformedImageException {
    if (start >= limit) {
      throw cutShort("frame header", start, limit);
    }
    int descriptor = src.get(start);
    boolean singleSegment = (descriptor & 0x20) != 0;
    if ((descriptor & 0x08) != 0) {
      throw new MalformedImageException("zstd frame header has its reserved bit set");
    }
    int windowLength = singleSegment ? 0 : 1;
    int dictionaryLength = (1 << (descriptor & 3)) >> 1;
    int sizeFlag = (descriptor >> 6) & 3;
    int sizeLength = sizeFlag == 0 && !singleSegment ? 0 : 1 << sizeFlag;
    int dictionaryAt = start + 1 + windowLength;
    int sizeAt = dictionaryAt + dictionaryLength;
    int blocksAt = sizeAt + sizeLength;
    if (blocksAt > limit) {
      throw cutShort("frame header", start, limit);
    }
    long contentSize = sizeLength == 0 ? -1 : contentSize(src, sizeAt, sizeLength);
    long window = singleSegment ? contentSize : windowSize(src.get(start + 1) & 0xff);
    int checksumLength = (descriptor & 0x04) != 0 ? Integer.BYTES : 0;
    int end = endOfBlocks(src, blocksAt, limit) + checksumLength;
    if (end > limit) {
      throw cutShort("content checksum", end - checksumLength, limit);
    }
    long dictionaryId = littleEndian(src, dictionaryAt, dictionaryLength);
    return new ZstdFrame(end, false, window, contentSize, dictionaryId);
  }

  /** Section 3.1.1.1.2: 3 bits of mantissa, 5 of exponent; at least 1 KiB, at most 3.75 TiB. */
  private static long windowSize(int descriptor) {
    long base = 1L << (10 + (descriptor >> 3));
    return base + (base >> 3) * (descriptor & 7);
  }

  /** Section 3.1.1.1.4: two bytes carry the size less 256; sizes over 2^63 come out as the top. */
  private static long contentSize(ByteBuffer src, int at, int length) {
    long value = littleEndian(src, at, length);
    if (value < 0) {
      return Long.MAX_VALUE;
    }
    return length == 2 ? value + 256 : value;
  }

  /** Section 3.1.1.2: bit 0 marks the last block, two bits of type, 21 bits of size. */
  private static int endOfBlocks(ByteBuffer src, int start, int limit)
      throws MalformedImageException {
    int at = start;
    while (true) {
      if (limit - at < BLOCK_HEADER_LENGTH) {
        throw cutShort("block header", at, limit);
      }
      int header = (int) littleEndian(src, at, BLOCK_HEADER_LENGTH);
      int type = (header >> 1) & 3;
      if (type == BLOCK_RESERVED) {
        throw new MalformedImageException("zstd block has the reserved type 3");
      }
      int length = type == BLOCK_RLE ? 1 : header >>> 3;
      at += BLOCK_HEADER_LENGTH;
      if (length > limit - at) {
        throw cutShort("block of " + length + " bytes", at, limit);
      }
      at += length;
      if ((header & 1) != 0) {
        return at;
      }
    }
  }

  private static long littleEndian(ByteBuffer src, int at, int length) {
    long value = 0;
    for (int i = length - 1; i >= 0; i--) {
      value = (value << 8) | (src.get(at + i) & 0xff);
    }
    return value;
  }

  private static MalformedImageException cutShort(String what, int at, int limit) {
    return new MalformedImageException(
        "zstd data is cut short: %s, %d bytes left".formatted(what, limit - at));
  }
}
