package io.gantry.testkit;

import io.gantry.io.RandomAccessInput;
import java.io.EOFException;
import java.nio.ByteBuffer;

/** An input that is an array. */
public final class BytesInput implements RandomAccessInput {

  private final byte[] bytes;
  private boolean closed;

  public BytesInput(byte[] bytes) {
    this.bytes = bytes.clone();
  }

  @Override
  public String name() {
    return "bytes";
  }

  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  public void readFully(long offset, ByteBuffer dst) throws EOFException {
    if (offset < 0 || offset > bytes.length - dst.remaining()) {
      throw new EOFException(
          "bytes ends at %d, wanted %d at %d".formatted(bytes.length, dst.remaining(), offset));
    }
    dst.put(bytes, (int) offset, dst.remaining());
  }

  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
  }
}
