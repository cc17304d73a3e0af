package io.gantry.codec;

import io.gantry.image.ImageException;
import io.gantry.image.MalformedImageException;
import io.gantry.image.UnsupportedImageException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/**
 * First and last twelve bytes of a stream; .xz file format 1.2, sections 2.1.1 and 2.1.2.
 *
 * <pre>
 * header  FD '7' 'z' 'X' 'Z' 00   00 check   CRC32 of the two
 * footer  CRC32 of the six   (index size / 4 - 1)   00 check   'Y' 'Z'
 * </pre>
 */
final class XzStreamFlags {

  static final int SIZE = 12;

  private static final long HEADER_MAGIC = 0x005A587A37FDL;
  private static final long MAGIC_MASK = 0xFFFF_FFFF_FFFFL;
  private static final int FOOTER_MAGIC = 0x5A59;

  private XzStreamFlags() {}

  /** What the footer says. */
  record Footer(XzCheck check, long indexSize) {}

  static XzCheck parseHeader(byte[] bytes, String where) throws ImageException {
    ByteBuffer header = littleEndian(bytes);
    if ((header.getLong(0) & MAGIC_MASK) != HEADER_MAGIC) {
      throw new MalformedImageException(where + ": no stream header");
    }
    requireCrc32(bytes, 6, 2, header.getInt(8), where + ": wrong CRC32 of the stream header");
    return check(bytes[6], bytes[7], where);
  }

  static Footer parseFooter(byte[] bytes, String where) throws ImageException {
    ByteBuffer footer = littleEndian(bytes);
    if (footer.getShort(10) != FOOTER_MAGIC) {
      throw new MalformedImageException(where + ": no stream footer");
    }
    requireCrc32(bytes, 4, 6, footer.getInt(0), where + ": wrong CRC32 of the stream footer");
    long indexSize = (Integer.toUnsignedLong(footer.getInt(4)) + 1) * 4;
    return new Footer(check(bytes[8], bytes[9], where), indexSize);
  }

  private static XzCheck check(byte reserved, byte id, String where) throws ImageException {
    if (reserved != 0 || (id & 0xf0) != 0) {
      throw new UnsupportedImageException(
          "%s: reserved stream flags 0x%02x%02x".formatted(where, reserved, id));
    }
    return XzCheck.of(id, where);
  }

  private static void requireCrc32(byte[] bytes, int from, int length, int expected, String message)
      throws MalformedImageException {
    CRC32 crc = new CRC32();
    crc.update(bytes, from, length);
    if ((int) crc.getValue() != expected) {
      throw new MalformedImageException(message);
    }
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
