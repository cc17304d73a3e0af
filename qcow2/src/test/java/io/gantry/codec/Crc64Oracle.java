package io.gantry.codec;

/** CRC-64 by its definition, bit by bit. */
final class Crc64Oracle {

  private static final long POLYNOMIAL = 0xC96C5795D7870F42L;

  private Crc64Oracle() {}

  /** Returns the remainder behind {@code bytes}; nothing is inverted. */
  static long remainder(long before, byte[] bytes) {
    long crc = before;
    for (byte value : bytes) {
      crc ^= value & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc >>> 1) ^ ((crc & 1) == 0 ? 0 : POLYNOMIAL);
      }
    }
    return crc;
  }
}
