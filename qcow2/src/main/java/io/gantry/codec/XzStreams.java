package io.gantry.codec;

import io.gantry.image.MalformedImageException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Walks through the streams of an xz file from block to block, and verifies what stands between
 * them: stream headers, indexes, footers and padding; .xz file format 1.2, section 2.
 *
 * <pre>
 * header  block...  index  footer  [zeros, a multiple of 4]  header  ...
 * </pre>
 *
 * <p>Whoever is given a block reads all of it from the input, says what it was with {@link
 * #completed}, and asks for the next one.
 */
final class XzStreams {

  private final XzInput in;
  private @Nullable XzCheck check;
  private XzIndexSum blocks = new XzIndexSum();
  private boolean ended;

  XzStreams(XzInput in) {
    this.in = in;
  }

  /** Returns the next block; null behind the last stream, when all is verified. */
  @Nullable XzBlock next() throws IOException {
    while (!ended) {
      XzCheck streamCheck = check != null ? check : beginStream();
      long at = in.position();
      int first = in.read();
      if (first != 0) {
        return block(first, at, streamCheck);
      }
      endStream(streamCheck, at);
    }
    return null;
  }

  /** Takes down the sizes of a block that has been read, in the order of the blocks. */
  void completed(long unpaddedSize, long uncompressedSize) {
    blocks.add(unpaddedSize, uncompressedSize);
  }

  private XzCheck beginStream() throws IOException {
    String where = where(in.position());
    byte[] header = new byte[XzStreamFlags.SIZE];
    in.readFully(header, 0, header.length);
    XzCheck streamCheck = XzStreamFlags.parseHeader(header, where);
    check = streamCheck;
    blocks = new XzIndexSum();
    return streamCheck;
  }

  private XzBlock block(int first, long at, XzCheck streamCheck) throws IOException {
    byte[] header = new byte[XzBlockHeader.sizeOf(first)];
    header[0] = (byte) first;
    in.readFully(header, 1, header.length - 1);
    return new XzBlock(XzBlockHeader.parse(header, where(at)), streamCheck, in.position());
  }

  private void endStream(XzCheck streamCheck, long indexAt) throws IOException {
    readIndex(indexAt);
    long footerAt = in.position();
    byte[] bytes = new byte[XzStreamFlags.SIZE];
    in.readFully(bytes, 0, bytes.length);
    XzStreamFlags.Footer footer = XzStreamFlags.parseFooter(bytes, where(footerAt));
    if (footer.check() != streamCheck || footer.indexSize() != footerAt - indexAt) {
      throw new MalformedImageException(
          "%s: stream footer says check %s and an index of %d bytes, found %s and %d"
              .formatted(
                  where(footerAt),
                  footer.check(),
                  footer.indexSize(),
                  streamCheck,
                  footerAt - indexAt));
    }
    check = null;
    ended = endOfPadding();
  }

  /** Reads the index, whose first byte, zero, is behind; section 4. */
  private void readIndex(long indexAt) throws IOException {
    String where = where(indexAt);
    CRC32 crc = new CRC32();
    crc.update(0);
    InputStream records = new CheckedInputStream(in, crc);
    long count = XzNumber.read(records, where);
    if (count != blocks.count()) {
      throw new MalformedImageException(
          "%s: index of %d blocks, found %d".formatted(where, count, blocks.count()));
    }
    XzIndexSum listed = new XzIndexSum();
    for (long i = 0; i < count; i++) {
      listed.add(XzNumber.read(records, where), XzNumber.read(records, where));
    }
    if (!listed.sameAs(blocks)) {
      throw new MalformedImageException(where + ": sizes in the index are not those of the blocks");
    }
    while ((in.position() - indexAt) % 4 != 0) {
      if (records.read() != 0) {
        throw new MalformedImageException(where + ": index padding is not zero");
      }
    }
    if ((int) crc.getValue() != readLittleEndianInt()) {
      throw new MalformedImageException(where + ": wrong CRC32 of the index");
    }
  }

  private int readLittleEndianInt() throws IOException {
    return in.read() | (in.read() << 8) | (in.read() << 16) | (in.read() << 24);
  }

  /** Passes stream padding, section 2.2; true at the end of the file. */
  private boolean endOfPadding() throws IOException {
    long start = in.position();
    while (!in.atEnd()) {
      if (in.peek() != 0) {
        requireMultipleOf4(start);
        return false;
      }
      in.read();
    }
    requireMultipleOf4(start);
    return true;
  }

  private void requireMultipleOf4(long start) throws MalformedImageException {
    if ((in.position() - start) % 4 != 0) {
      throw in.malformed(
          "%d bytes of padding behind a stream, must be a multiple of 4"
              .formatted(in.position() - start));
    }
  }

  private String where(long offset) {
    return in.name() + ": xz: at compressed offset " + offset;
  }
}
