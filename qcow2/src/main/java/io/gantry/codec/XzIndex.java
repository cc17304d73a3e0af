package io.gantry.codec;

import io.gantry.image.MalformedImageException;
import io.gantry.io.RandomAccessInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Reads where the blocks of an xz file lie from the indexes, beginning at the end of the file; .xz
 * file format 1.2, sections 2 and 4.
 */
final class XzIndex {

  /**
   * Blocks we keep a list of: 1.5 TiB of disk in the blocks of {@code xz -6}. A file with more is
   * read from its beginning instead, which takes no list.
   */
  private static final int BLOCKS_MAX = 1 << 16;

  /** Two numbers of nine bytes a block, and what is around them. */
  private static final long INDEX_BYTES_MAX = 18L * BLOCKS_MAX + 32;

  /** Padding is meant for tapes; nobody needs more of it. */
  private static final long PADDING_MAX = 1L << 20;

  /** Header, data of one byte. */
  private static final int UNPADDED_SIZE_MIN = 5;

  private final RandomAccessInput input;

  XzIndex(RandomAccessInput input) {
    this.input = input;
  }

  /**
   * A block as the index describes it.
   *
   * @param at compressed offset of its header
   */
  record Entry(long at, long unpaddedSize, long uncompressedSize, XzCheck check) {

    Entry at(long other) {
      return new Entry(other, unpaddedSize, uncompressedSize, check);
    }

    /** Returns where the next block begins, or the index. */
    long end() {
      return at + Math.ceilDiv(unpaddedSize, 4L) * 4;
    }
  }

  /** Returns all blocks in the order of the file; empty when there are too many to list. */
  Optional<List<Entry>> read() throws IOException {
    List<Entry> backwards = new ArrayList<>();
    long end = input.size();
    while (end > 0) {
      long streamEnd = endOfStream(end);
      if (streamEnd < 0) {
        return Optional.empty();
      }
      XzStreamFlags.Footer footer = footer(streamEnd);
      long indexAt = streamEnd - XzStreamFlags.SIZE - footer.indexSize();
      if (indexAt < XzStreamFlags.SIZE) {
        throw malformed(streamEnd, "index of %d bytes does not fit".formatted(footer.indexSize()));
      }
      if (footer.indexSize() > INDEX_BYTES_MAX) {
        return Optional.empty();
      }
      List<Entry> entries = entries(indexAt, (int) footer.indexSize(), footer.check());
      if (backwards.size() + entries.size() > BLOCKS_MAX) {
        return Optional.empty();
      }
      backwards.addAll(entries.reversed());
      end = streamStart(entries.isEmpty() ? indexAt : entries.getFirst().at(), footer.check());
    }
    return Optional.of(List.copyOf(backwards.reversed()));
  }

  /** Passes stream padding backwards; -1 when there is an absurd amount of it. */
  private long endOfStream(long end) throws IOException {
    for (long at = end; at > 0; at -= Integer.BYTES) {
      if (end - at > PADDING_MAX) {
        return -1;
      }
      if (at < Integer.BYTES) {
        throw malformed(
            end, "streams and padding of %d bytes, must be a multiple of 4".formatted(end));
      }
      if (bytes(at - Integer.BYTES, Integer.BYTES).getInt(0) != 0) {
        return at;
      }
    }
    throw malformed(0, "padding of %d bytes in front of the first stream".formatted(end));
  }

  private XzStreamFlags.Footer footer(long streamEnd) throws IOException {
    long at = streamEnd - XzStreamFlags.SIZE;
    if (at < 0) {
      throw malformed(0, "stream of %d bytes".formatted(streamEnd));
    }
    return XzStreamFlags.parseFooter(bytes(at, XzStreamFlags.SIZE).array(), where(at));
  }

  /** Checks the stream header in front of the first block; returns where it begins. */
  private long streamStart(long firstBlockAt, XzCheck check) throws IOException {
    long at = firstBlockAt - XzStreamFlags.SIZE;
    byte[] header = bytes(at, XzStreamFlags.SIZE).array();
    if (XzStreamFlags.parseHeader(header, where(at)) != check) {
      throw malformed(at, "stream header and footer differ, footer says %s".formatted(check));
    }
    return at;
  }

  private List<Entry> entries(long indexAt, int size, XzCheck check) throws IOException {
    ByteBuffer index = bytes(indexAt, size);
    String where = where(indexAt);
    requireCrc32(index, where);
    if (index.get() != 0) {
      throw new MalformedImageException(where + ": no index");
    }
    long count = XzNumber.parse(index, where);
    if (count > index.remaining() / 2) {
      throw malformed(indexAt, "index of %d blocks in %d bytes".formatted(count, size));
    }
    List<Entry> fromZero = new ArrayList<>((int) count);
    long length = 0;
    for (int i = 0; i < count; i++) {
      long unpaddedSize = XzNumber.parse(index, where);
      long uncompressedSize = XzNumber.parse(index, where);
      if (unpaddedSize < UNPADDED_SIZE_MIN || unpaddedSize > indexAt) {
        throw malformed(indexAt, "index has a block of %d bytes".formatted(unpaddedSize));
      }
      fromZero.add(new Entry(length, unpaddedSize, uncompressedSize, check));
      length = fromZero.getLast().end();
    }
    while (index.hasRemaining()) {
      if (index.get() != 0) {
        throw malformed(
            indexAt, "index of %d blocks does not fill its %d bytes".formatted(count, size));
      }
    }
    return place(fromZero, indexAt - length);
  }

  /** Reads the CRC32 at the end of the index, and takes it off the buffer. */
  private static void requireCrc32(ByteBuffer index, String where) throws MalformedImageException {
    int crcAt = index.limit() - Integer.BYTES;
    CRC32 crc = new CRC32();
    crc.update(index.slice(0, crcAt));
    if ((int) crc.getValue() != index.getInt(crcAt)) {
      throw new MalformedImageException(where + ": wrong CRC32 of the index");
    }
    index.limit(crcAt);
  }

  private List<Entry> place(List<Entry> fromZero, long start) throws MalformedImageException {
    if (start < XzStreamFlags.SIZE) {
      throw malformed(
          0, "index has more blocks than fit, by %d bytes".formatted(XzStreamFlags.SIZE - start));
    }
    List<Entry> placed = new ArrayList<>(fromZero.size());
    for (Entry entry : fromZero) {
      placed.add(entry.at(start + entry.at()));
    }
    return placed;
  }

  private ByteBuffer bytes(long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    input.readFully(offset, bytes);
    return bytes.flip();
  }

  private MalformedImageException malformed(long offset, String what) {
    return new MalformedImageException(where(offset) + ": " + what);
  }

  private String where(long offset) {
    return "%s: xz: at compressed offset %d".formatted(input.name(), offset);
  }
}
