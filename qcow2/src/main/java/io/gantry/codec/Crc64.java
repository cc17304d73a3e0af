package io.gantry.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * CRC-64/XZ: the polynomial of ECMA-182, reflected; .xz file format 1.2, section 6.
 *
 * <p>Eight bytes a step, with one table for each of them ("slicing by eight"): about five times as
 * fast as a byte a step, and xz writes this check by default.
 */
final class Crc64 {

  private static final long POLYNOMIAL = 0xC96C5795D7870F42L;
  private static final long[][] TABLES = tables();
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private long state = -1;

  private static long[][] tables() {
    long[][] tables = new long[8][256];
    for (int i = 0; i < 256; i++) {
      long crc = i;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc >>> 1) ^ ((crc & 1) * POLYNOMIAL);
      }
      tables[0][i] = crc;
    }
    for (int slice = 1; slice < 8; slice++) {
      for (int i = 0; i < 256; i++) {
        long crc = tables[slice - 1][i];
        tables[slice][i] = (crc >>> 8) ^ tables[0][(int) crc & 0xff];
      }
    }
    return tables;
  }

  void update(byte[] bytes, int offset, int length) {
    long[] t0 = TABLES[0];
    long[] t1 = TABLES[1];
    long[] t2 = TABLES[2];
    long[] t3 = TABLES[3];
    long[] t4 = TABLES[4];
    long[] t5 = TABLES[5];
    long[] t6 = TABLES[6];
    long[] t7 = TABLES[7];
    long crc = state;
    int at = offset;
    int end = offset + length;
    for (; at <= end - 8; at += 8) {
      long word = crc ^ (long) LONGS.get(bytes, at);
      crc =
          t7[(int) word & 0xff]
              ^ t6[(int) (word >>> 8) & 0xff]
              ^ t5[(int) (word >>> 16) & 0xff]
              ^ t4[(int) (word >>> 24) & 0xff]
              ^ t3[(int) (word >>> 32) & 0xff]
              ^ t2[(int) (word >>> 40) & 0xff]
              ^ t1[(int) (word >>> 48) & 0xff]
              ^ t0[(int) (word >>> 56)];
    }
    for (; at < end; at++) {
      crc = (crc >>> 8) ^ t0[(int) (crc ^ bytes[at]) & 0xff];
    }
    state = crc;
  }

  long value() {
    return ~state;
  }
}
