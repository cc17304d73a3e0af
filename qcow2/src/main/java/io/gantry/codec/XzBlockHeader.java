package io.gantry.codec;

import io.gantry.image.ImageException;
import io.gantry.image.MalformedImageException;
import io.gantry.image.UnsupportedImageException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/**
 * What stands in front of a block; .xz file format 1.2, section 3.1.
 *
 * <pre>
 * size/4-1  flags  [compressed size]  [uncompressed size]  filter flags...  zeros  CRC32
 * </pre>
 *
 * @param size of the header, bytes
 * @param compressedSize without header, padding and check; -1 when not said
 * @param uncompressedSize -1 when not said
 */
record XzBlockHeader(int size, long compressedSize, long uncompressedSize, XzFilters filters) {

  private static final int RESERVED_FLAGS = 0x3C;
  private static final int HAS_COMPRESSED_SIZE = 0x40;
  private static final int HAS_UNCOMPRESSED_SIZE = 0x80;

  /** Returns the size of a header whose first byte is given; zero would begin an index. */
  static int sizeOf(int firstByte) {
    return (firstByte + 1) * 4;
  }

  /**
   * Parses a whole header.
   *
   * @param where for messages: name, format and compressed offset of the block
   */
  static XzBlockHeader parse(byte[] bytes, String where) throws ImageException {
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int crcAt = bytes.length - Integer.BYTES;
    if (crc32(bytes, crcAt) != header.getInt(crcAt)) {
      throw new MalformedImageException(where + ": wrong CRC32 of the block header");
    }
    header.limit(crcAt).position(1);
    int flags = header.get() & 0xff;
    if ((flags & RESERVED_FLAGS) != 0) {
      throw new UnsupportedImageException(
          "%s: reserved block flags 0x%02x".formatted(where, flags));
    }
    long compressedSize = -1;
    if ((flags & HAS_COMPRESSED_SIZE) != 0) {
      compressedSize = XzNumber.parse(header, where);
      requireSane(compressedSize, where);
    }
    long uncompressedSize =
        (flags & HAS_UNCOMPRESSED_SIZE) != 0 ? XzNumber.parse(header, where) : -1;
    XzFilters filters = XzFilters.parse(header, (flags & 3) + 1, where);
    while (header.hasRemaining()) {
      if (header.get() != 0) {
        throw new UnsupportedImageException(where + ": block header padding is not zero");
      }
    }
    return new XzBlockHeader(bytes.length, compressedSize, uncompressedSize, filters);
  }

  /** A quarter of what the format allows, so that sums of sizes cannot overflow. */
  private static void requireSane(long compressedSize, String where)
      throws MalformedImageException {
    if (compressedSize == 0 || compressedSize > Long.MAX_VALUE / 4) {
      throw new MalformedImageException(
          "%s: compressed size is %d".formatted(where, compressedSize));
    }
  }

  private static int crc32(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  /** Says whether the header tells where the block ends and how much comes out of it. */
  boolean isSized() {
    return compressedSize >= 0 && uncompressedSize >= 0;
  }
}
