package io.gantry.archive;

import io.gantry.image.MalformedImageException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The bytes of an archive, in order, with the offset of the next one. */
final class ArchiveInput implements Closeable {

  private final Pieces in;
  private long position;

  ArchiveInput(Pieces in) {
    this.in = in;
  }

  long position() {
    return position;
  }

  /**
   * Returns the next bytes, at least one and at most {@code max}, without copying them; they stay
   * until the next call. Null at the end.
   */
  @Nullable ByteBuffer take(long max) throws IOException {
    ByteBuffer bytes = in.next();
    if (bytes == null) {
      return null;
    }
    int count = (int) Math.min(max, bytes.remaining());
    ByteBuffer taken = bytes.slice(bytes.position(), count);
    bytes.position(bytes.position() + count);
    position += count;
    return taken;
  }

  /** Returns the next block of 512 bytes; null when the archive ends in front of it. */
  byte @Nullable [] nextBlock() throws IOException {
    ByteBuffer first = take(HeaderBlock.BYTES);
    if (first == null) {
      return null;
    }
    byte[] block = new byte[HeaderBlock.BYTES];
    int count = first.remaining();
    first.get(block, 0, count);
    fill(block, count);
    return block;
  }

  /** Returns the next block of 512 bytes, which must be there. */
  byte[] block() throws IOException {
    byte[] block = nextBlock();
    if (block == null) {
      throw unexpectedEnd();
    }
    return block;
  }

  /** Returns {@code length} bytes, and passes what is left of their last block. */
  byte[] readRecord(int length) throws IOException {
    byte[] bytes = new byte[length];
    fill(bytes, 0);
    skipToBlock();
    return bytes;
  }

  private void fill(byte[] bytes, int from) throws IOException {
    int at = from;
    while (at < bytes.length) {
      ByteBuffer piece = takeSome(bytes.length - at);
      int count = piece.remaining();
      piece.get(bytes, at, count);
      at += count;
    }
  }

  /** Like {@link #take}, of bytes that must be there. */
  ByteBuffer takeSome(long max) throws IOException {
    ByteBuffer piece = take(max);
    if (piece == null) {
      throw unexpectedEnd();
    }
    return piece;
  }

  void skip(long length) throws IOException {
    long left = length;
    while (left > 0) {
      long passed = in.skip(left);
      position += passed;
      left -= passed;
      left -= left > 0 ? takeSome(left).remaining() : 0;
    }
  }

  /** Passes the bytes that fill up the last block of a member. */
  void skipToBlock() throws IOException {
    skip(-position & (HeaderBlock.BYTES - 1));
  }

  /** Reads to the end of the source: only that says that it came whole. */
  void drain() throws IOException {
    ByteBuffer bytes;
    do {
      bytes = take(Long.MAX_VALUE);
    } while (bytes != null);
  }

  MalformedImageException unexpectedEnd() {
    return new MalformedImageException(
        "unexpected end of the archive after %d bytes; it was cut short, fetch it again"
            .formatted(position));
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
