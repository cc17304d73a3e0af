package io.gantry.codec;

import java.nio.ByteBuffer;

/** An array of a pool, and which of its bytes have not been read yet. Used by one thread. */
final class XzBytes {

  private final byte[] array;
  private final int length;
  private int at;

  XzBytes(byte[] array, int length) {
    this.array = array;
    this.length = length;
  }

  /** Returns the array, to give it back. */
  byte[] array() {
    return array;
  }

  boolean hasRemaining() {
    return at < length;
  }

  int read() {
    return array[at++] & 0xff;
  }

  int read(byte[] dst, int offset, int bytes) {
    int count = Math.min(bytes, length - at);
    System.arraycopy(array, at, dst, offset, count);
    at += count;
    return count;
  }

  int read(ByteBuffer dst) {
    int count = Math.min(dst.remaining(), length - at);
    dst.put(array, at, count);
    at += count;
    return count;
  }
}
