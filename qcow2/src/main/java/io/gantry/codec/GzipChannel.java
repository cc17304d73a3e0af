package io.gantry.codec;

import io.gantry.image.MalformedImageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.zip.CRC32;

/**
 * Decodes gzip (RFC 1952): every member, one behind the other.
 *
 * <pre>
 *   1F 8B 08 │ flags │ time 4 │ extra flags │ system
 *   [length 2, extra field] [name … 0] [comment … 0] [header CRC 2]
 *   deflate data
 *   CRC-32 of the content 4 │ length of the content modulo 2^32 4
 * </pre>
 *
 * <p>The end is reported behind a complete member whose checksum and length are right, and at the
 * end of the input, which is asked for: {@link java.util.zip.GZIPInputStream} believes {@code
 * available()} instead, and quietly stops after the first member of a pipe that has nothing ready.
 * Zeros behind the last member are padding, as of a tape or a sector; anything else there is
 * refused, for it could be a member whose first bytes were hurt.
 */
final class GzipChannel implements ReadableByteChannel {

  private static final int WINDOW = 32 << 10;

  /** Decoded at once: with the window and the input it stays in a core's second-level cache. */
  private static final int PIECE = 128 << 10;

  private static final int INPUT = 64 << 10;

  private static final int MAGIC_1 = 0x1f;
  private static final int MAGIC_2 = 0x8b;
  private static final int METHOD_DEFLATE = 8;
  private static final int FLAG_HEADER_CRC = 0x02;
  private static final int FLAG_EXTRA = 0x04;
  private static final int FLAG_NAME = 0x08;
  private static final int FLAG_COMMENT = 0x10;
  private static final int FLAGS_RESERVED = 0xe0;
  private static final int TIME_SYSTEM_BYTES = 6;

  private final ReadableByteChannel in;
  private final String name;
  private final Inflate inflate = new Inflate();
  private final ByteBuffer input = ByteBuffer.allocate(INPUT);
  private final CRC32 contentCrc = new CRC32();
  private final CRC32 headerCrc = new CRC32();

  /** Compressed offset of the first byte of {@link #input}. */
  private long inputOffset;

  private boolean insideMember;
  private boolean afterMember;
  private boolean ended;
  private long memberLength;
  private int delivered;

  GzipChannel(ReadableByteChannel in, String name) {
    this.in = in;
    this.name = name;
    inflate.in = input.array();
    inflate.out = new byte[WINDOW + PIECE];
    inflate.outEnd = inflate.out.length;
  }

  @Override
  public int read(ByteBuffer dst) throws IOException {
    if (!dst.hasRemaining()) {
      return 0;
    }
    while (delivered == inflate.outPos) {
      if (insideMember) {
        decode();
      } else if (ended || !beginMember()) {
        ended = true;
        return -1;
      }
    }
    int count = Math.min(dst.remaining(), inflate.outPos - delivered);
    dst.put(inflate.out, delivered, count);
    delivered += count;
    return count;
  }

  private void decode() throws IOException {
    if (inflate.outPos == inflate.outEnd) {
      slide();
    }
    int start = inflate.outPos;
    Inflate.Stop stop = run();
    int count = inflate.outPos - start;
    contentCrc.update(inflate.out, start, count);
    memberLength += count;
    switch (stop) {
      case INPUT_LOW -> fill();
      case END -> endMember();
      case OUTPUT_FULL -> {}
    }
  }

  private Inflate.Stop run() throws MalformedImageException {
    try {
      return inflate.run();
    } catch (MalformedImageException e) {
      throw malformed(String.valueOf(e.getMessage()));
    }
  }

  /** Moves the last 32 KiB to the front, where matches still reach them. */
  private void slide() {
    int distance = inflate.outEnd - WINDOW;
    System.arraycopy(inflate.out, distance, inflate.out, 0, WINDOW);
    inflate.outStart = Math.max(0, inflate.outStart - distance);
    inflate.outPos -= distance;
    delivered -= distance;
  }

  /** Reads a member's header; false at the end of the input. */
  private boolean beginMember() throws IOException {
    if (inputAtEnd()) {
      if (!afterMember) {
        throw cutShort("header");
      }
      return false;
    }
    headerCrc.reset();
    int first = headerByte();
    if (first == 0 && afterMember) {
      skipPadding();
      return false;
    }
    if (first != MAGIC_1 || headerByte() != MAGIC_2) {
      throw malformed(
          afterMember ? "bytes behind the last member are no other member" : "no gzip magic");
    }
    int method = headerByte();
    int flags = headerByte();
    if (method != METHOD_DEFLATE || (flags & FLAGS_RESERVED) != 0) {
      throw malformed("method %d, flags %02x: must be 8 and below 20".formatted(method, flags));
    }
    skipHeader(TIME_SYSTEM_BYTES);
    if ((flags & FLAG_EXTRA) != 0) {
      skipHeader(headerByte() | (headerByte() << 8));
    }
    if ((flags & FLAG_NAME) != 0) {
      skipText();
    }
    if ((flags & FLAG_COMMENT) != 0) {
      skipText();
    }
    if ((flags & FLAG_HEADER_CRC) != 0) {
      checkHeaderCrc();
    }
    inflate.reset();
    inflate.outStart = inflate.outPos;
    contentCrc.reset();
    memberLength = 0;
    insideMember = true;
    return true;
  }

  private void checkHeaderCrc() throws IOException {
    int actual = (int) headerCrc.getValue() & 0xffff;
    int stored = headerByte() | (headerByte() << 8);
    if (stored != actual) {
      throw malformed("header CRC is %04x, stored is %04x".formatted(actual, stored));
    }
  }

  private void endMember() throws IOException {
    long storedCrc = trailerWord();
    long storedLength = trailerWord();
    if (storedCrc != contentCrc.getValue()) {
      throw malformed(
          "CRC of the content is %08x, stored is %08x".formatted(contentCrc.getValue(), storedCrc));
    }
    if (storedLength != (memberLength & 0xffffffffL)) {
      throw malformed(
          "content has %d bytes, stored modulo 2^32 is %d".formatted(memberLength, storedLength));
    }
    insideMember = false;
    afterMember = true;
  }

  private long trailerWord() throws IOException {
    long word = 0;
    for (int i = 0; i < Integer.BYTES; i++) {
      word |= (long) nextByte("checksum") << (8 * i);
    }
    return word;
  }

  private void skipPadding() throws IOException {
    while (!inputAtEnd()) {
      if (nextByte("padding") != 0) {
        throw malformed("bytes behind the last member are neither zeros nor another member");
      }
    }
  }

  private void skipText() throws IOException {
    while (headerByte() != 0) {
      // The name and the comment end with a zero and may have any length.
    }
  }

  private void skipHeader(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      int ignored = headerByte();
    }
  }

  private int headerByte() throws IOException {
    int value = nextByte("header");
    headerCrc.update(value);
    return value;
  }

  private int nextByte(String part) throws IOException {
    if (inputAtEnd()) {
      throw cutShort(part);
    }
    return inflate.in[inflate.inPos++] & 0xff;
  }

  private boolean inputAtEnd() throws IOException {
    while (inflate.inPos == inflate.inEnd && !inflate.inComplete) {
      fill();
    }
    return inflate.inPos == inflate.inEnd;
  }

  /** Moves what is left of the input to the front and reads more behind it. */
  private void fill() throws IOException {
    inputOffset += inflate.inPos;
    input.limit(inflate.inEnd).position(inflate.inPos).compact();
    inflate.inComplete = in.read(input) < 0;
    inflate.inPos = 0;
    inflate.inEnd = input.position();
  }

  private MalformedImageException cutShort(String part) {
    return malformed("data is cut short, inside a " + part);
  }

  private MalformedImageException malformed(String what) {
    return new MalformedImageException(
        "%s: gz: %s, near compressed offset %d".formatted(name, what, inputOffset + inflate.inPos));
  }

  @Override
  public boolean isOpen() {
    return in.isOpen();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
