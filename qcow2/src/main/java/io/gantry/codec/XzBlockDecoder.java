package io.gantry.codec;

import io.gantry.codec.XzZeroBlocks.Stored;
import io.gantry.image.ImageTooLargeException;
import io.gantry.image.MalformedImageException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZIOException;

/**
 * Decodes one block and verifies it: both sizes, padding and check.
 *
 * <p>Reads from its input exactly what belongs to the block. Used by one thread at a time.
 */
final class XzBlockDecoder {

  /** Bytes that go through an array at a time where converters fill a buffer outside the heap. */
  private static final int COPIED = 64 << 10;

  private final XzBlock block;
  private final String where;
  private final BlockData data;
  private final XzCheck.Running check;
  private final XzShared shared;
  private @Nullable InputStream decoded;
  private byte @Nullable [] copied;
  private long uncompressed;
  private boolean verified;

  /** The whole block, where it may be one of the zero blocks. */
  private @Nullable Stored stored;

  /** All that has come out so far. */
  private boolean zeroSoFar = true;

  /**
   * Begins to decode.
   *
   * @param in stands at the first byte of the block's data
   * @throws ImageTooLargeException when the block needs more memory than one decoder may have
   */
  XzBlockDecoder(XzBlock block, InputStream in, String name, XzShared shared) throws IOException {
    XzBlockHeader header = block.header();
    this.block = block;
    this.where = name + ": xz: block at compressed offset " + block.dataAt();
    long memory = header.filters().memory(header.uncompressedSize());
    if (memory > shared.limits().xzMemoryMax()) {
      throw new ImageTooLargeException(
          "%s: needs %d bytes of memory to decode, over the limit of %d"
              .formatted(where, memory, shared.limits().xzMemoryMax()));
    }
    this.data = new BlockData(in, header.compressedSize());
    this.check = block.check().start();
    this.shared = shared;
  }

  XzBlock block() {
    return block;
  }

  /** Returns how many bytes have come out so far. */
  long uncompressed() {
    return uncompressed;
  }

  /** Returns the size for the index; final behind the last byte. */
  long unpaddedSize() {
    return block.unpaddedSize(data.consumed);
  }

  /** Goes on reading the block's data from another input, which continues the first one. */
  void continueFrom(InputStream in) {
    if (stored == null) {
      data.in = in;
    }
  }

  /**
   * Puts some of the next bytes into {@code dst}, at least one; returns how many, or -1 when the
   * block is complete and verified.
   */
  int read(ByteBuffer dst) throws IOException {
    if (verified) {
      return -1;
    }
    InputStream content = decoded();
    int start = dst.position();
    int count = decode(content, dst);
    if (count < 0) {
      content.close(); // hands its arrays to the next block
      verifyEnd();
      return -1;
    }
    uncompressed += count;
    long claimed = block.header().uncompressedSize();
    if (claimed >= 0 && uncompressed > claimed) {
      throw malformed("more than the %d bytes its header says".formatted(claimed));
    }
    ByteBuffer read = dst.slice(start, count);
    zeroSoFar = zeroSoFar && stored != null && XzZeroBlocks.isZero(read);
    check.update(read);
    return count;
  }

  /**
   * Passes what is left of a block that is known to hold nothing but zeros, without producing them,
   * and verifies its end.
   *
   * @return how many zeros these are; none when the block is to be read
   */
  long skipZeros() throws IOException {
    if (verified || !(decoded() instanceof Zeros zeros)) {
      return 0;
    }
    long count = zeros.skipAll();
    uncompressed += count;
    check.updateZeros(count);
    verifyEnd();
    return count;
  }

  private InputStream decoded() throws IOException {
    if (decoded == null) {
      decoded = open();
    }
    return decoded;
  }

  /** A block that is known is not decoded again, but verified like any other. */
  private InputStream open() throws IOException {
    XzBlockHeader header = block.header();
    if (XzZeroBlocks.mayHold(block)) {
      byte[] bytes = data.in.readNBytes((int) block.paddedSize(header.compressedSize()));
      data.in = new ByteArrayInputStream(bytes);
      stored = Stored.of(block, bytes);
      if (shared.zeroBlocks().contains(stored)) {
        data.skipNBytes(header.compressedSize());
        return new Zeros(header.uncompressedSize());
      }
    }
    return header.filters().open(data, header.uncompressedSize(), shared.arrays());
  }

  /** Fills {@code dst}, or as much of it as there is; false when there was nothing more. */
  boolean fill(ByteBuffer dst) throws IOException {
    int start = dst.position();
    boolean more = true;
    while (more && dst.hasRemaining()) {
      more = read(dst) >= 0;
    }
    return more || dst.position() > start;
  }

  @SuppressWarnings("ReferenceEquality") // The very failure that our own input threw.
  private int decode(InputStream content, ByteBuffer dst) throws IOException {
    try {
      return content instanceof Lzma2InputStream lzma ? lzma.read(dst) : readBytes(content, dst);
    } catch (XZIOException | EOFException e) {
      if (e == data.failure) {
        throw e;
      }
      String what = e.getMessage() == null ? "compressed data is corrupt" : e.getMessage();
      throw new MalformedImageException(
          "%s: %s, %d bytes into it".formatted(where, what, data.consumed), e);
    }
  }

  /** Reads what a converter makes, or a known block. */
  private int readBytes(InputStream content, ByteBuffer dst) throws IOException {
    if (dst.hasArray()) {
      int count = content.read(dst.array(), dst.arrayOffset() + dst.position(), dst.remaining());
      dst.position(dst.position() + Math.max(0, count));
      return count;
    }
    if (copied == null) {
      copied = new byte[COPIED];
    }
    int count = content.read(copied, 0, Math.min(dst.remaining(), COPIED));
    dst.put(copied, 0, Math.max(0, count));
    return count;
  }

  private void verifyEnd() throws IOException {
    XzBlockHeader header = block.header();
    if (header.uncompressedSize() >= 0 && uncompressed != header.uncompressedSize()) {
      throw malformed(
          "decodes to %d bytes, its header says %d"
              .formatted(uncompressed, header.uncompressedSize()));
    }
    if (header.compressedSize() >= 0 && data.consumed != header.compressedSize()) {
      throw malformed(
          "its data ends after %d bytes, its header says %d"
              .formatted(data.consumed, header.compressedSize()));
    }
    for (long at = data.consumed; at % 4 != 0; at++) {
      if (data.in.read() != 0) {
        throw malformed("padding is not zero");
      }
    }
    byte[] expected = data.in.readNBytes(block.check().size());
    if (!Arrays.equals(expected, check.value())) {
      throw malformed("wrong %s of the content".formatted(block.check()));
    }
    verified = true;
    if (stored != null && zeroSoFar) {
      shared.zeroBlocks().add(stored);
    }
  }

  private MalformedImageException malformed(String what) {
    return new MalformedImageException(where + ": " + what);
  }

  /** What a known block decodes to. */
  private static final class Zeros extends InputStream {

    private long left;

    Zeros(long length) {
      left = length;
    }

    long skipAll() {
      long count = left;
      left = 0;
      return count;
    }

    @Override
    public int read() {
      return read(new byte[1], 0, 1) < 0 ? -1 : 0;
    }

    @Override
    public int read(byte[] dst, int offset, int length) {
      if (left == 0) {
        return -1;
      }
      int count = (int) Math.min(length, left);
      Arrays.fill(dst, offset, offset + count, (byte) 0);
      left -= count;
      return count;
    }
  }

  /** The compressed data, up to the size that the header says, if it does. */
  private static final class BlockData extends InputStream {

    private InputStream in;
    private final long size;
    private long consumed;
    private @Nullable IOException failure;

    BlockData(InputStream in, long size) {
      this.in = in;
      this.size = size;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] dst, int offset, int length) throws IOException {
      long left = size < 0 ? length : size - consumed;
      if (left == 0) {
        return -1;
      }
      try {
        int count = in.read(dst, offset, (int) Math.min(length, left));
        consumed += count;
        return count;
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }
  }
}
