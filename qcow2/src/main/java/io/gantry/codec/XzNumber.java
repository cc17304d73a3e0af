package io.gantry.codec;

import io.gantry.image.MalformedImageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * A number of the .xz file format, section 1.2: seven bits a byte, the low ones first, the high bit
 * set on all but the last of at most nine bytes.
 */
final class XzNumber {

  private static final int BYTES_MAX = 9;

  private XzNumber() {}

  /** One byte after the other. */
  private interface Bytes {
    int next() throws IOException;
  }

  /** Takes a number from a header held in memory. */
  static long parse(ByteBuffer header, String where) throws MalformedImageException {
    try {
      return parse(() -> header.hasRemaining() ? header.get() & 0xff : -1, where);
    } catch (MalformedImageException e) {
      throw e;
    } catch (IOException e) {
      throw new AssertionError("memory does not fail", e);
    }
  }

  /** Reads a number. */
  static long read(InputStream in, String where) throws IOException {
    return parse(in::read, where);
  }

  private static long parse(Bytes bytes, String where) throws IOException {
    long value = 0;
    for (int i = 0; i < BYTES_MAX; i++) {
      int next = bytes.next();
      if (next < 0) {
        throw new MalformedImageException(where + ": ends inside a number");
      }
      value |= (long) (next & 0x7f) << (7 * i);
      if (next < 0x80) {
        if (next == 0 && i > 0) {
          break;
        }
        return value;
      }
    }
    throw new MalformedImageException(where + ": a number in more bytes than it needs or may have");
  }
}
