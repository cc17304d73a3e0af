package io.gantry.codec;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;

/** Reads single bytes and keeps their CRC32. */
@SuppressWarnings("InputStreamSlowMultibyteRead") // A header is a dozen bytes, read one by one.
final class Crc32Input extends InputStream {

  private final InputStream in;
  private final CRC32 crc = new CRC32();

  Crc32Input(InputStream in) {
    this.in = in;
  }

  /** Counts in a byte that was read before. */
  void update(int earlier) {
    crc.update(earlier);
  }

  @Override
  public int read() throws IOException {
    int next = in.read();
    crc.update(next);
    return next;
  }

  @Override
  public int read(byte[] dst, int offset, int length) throws IOException {
    int count = in.read(dst, offset, length);
    if (count > 0) {
      crc.update(dst, offset, count);
    }
    return count;
  }

  int crc32() {
    return (int) crc.getValue();
  }
}
