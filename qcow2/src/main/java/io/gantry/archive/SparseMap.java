package io.gantry.archive;

import io.gantry.image.ImageException;
import io.gantry.image.ImageTooLargeException;
import io.gantry.image.MalformedImageException;
import java.util.Arrays;

/**
 * Where the bytes that an archive stores of a file belong in it; the rest are holes. Pieces are in
 * order and do not overlap, and all but the last are whole blocks: GNU tar begins each piece on a
 * block of the archive, others do not, and so both mean the same.
 */
final class SparseMap {

  static final SparseMap EMPTY = new SparseMap(new long[0], 0, 0);

  private final long[] pieces;
  private final int count;
  private final long size;

  private SparseMap(long[] pieces, int count, long size) {
    this.pieces = pieces;
    this.count = count;
    this.size = size;
  }

  /** A file without holes. */
  static SparseMap whole(long size) {
    return size == 0 ? EMPTY : new SparseMap(new long[] {0, size}, 1, size);
  }

  /** Returns the number of pieces. */
  int count() {
    return count;
  }

  long offset(int piece) {
    return pieces[2 * piece];
  }

  long length(int piece) {
    return pieces[2 * piece + 1];
  }

  /** Returns the size of the file, holes included. */
  long size() {
    return size;
  }

  /** Returns the bytes that the archive stores. */
  long storedBytes() {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += length(i);
    }
    return sum;
  }

  /** Collects pieces as they are read, each checked against the one before. */
  static final class Builder {

    private final String shownName;
    private final int countMax;
    private long[] pieces = new long[16];
    private int count;
    private long end;
    private long stored;

    Builder(String shownName, ArchiveLimits limits) {
      this.shownName = shownName;
      this.countMax = limits.sparseExtentsMax();
    }

    /** Adds a piece; an empty one only says where the file ends, which its size does, too. */
    void add(long offset, long length) throws ImageException {
      if (offset < 0 || length < 0 || offset > Long.MAX_VALUE - length) {
        throw malformed("holds a piece of %d bytes at %d".formatted(length, offset));
      }
      if (length == 0) {
        return;
      }
      if (offset < end) {
        throw malformed("goes back from %d to %d".formatted(end, offset));
      }
      if (stored % HeaderBlock.BYTES != 0) {
        throw malformed("holds a piece that ends inside a block, and more behind it");
      }
      requireRoomFor(count + 1L);
      if (2 * count == pieces.length) {
        pieces = Arrays.copyOf(pieces, Math.min(2 * pieces.length, 2 * countMax));
      }
      pieces[2 * count] = offset;
      pieces[2 * count + 1] = length;
      count++;
      end = offset + length;
      stored += length;
    }

    /**
     * Returns the map of a file.
     *
     * @param size of the file, holes included
     * @param storedBytes that follow in the archive
     */
    SparseMap build(long size, long storedBytes) throws MalformedImageException {
      if (end > size) {
        throw malformed("reaches to %d, behind the end of the file at %d".formatted(end, size));
      }
      if (stored != storedBytes) {
        throw malformed(
            "speaks of %d bytes of data where the archive has %d".formatted(stored, storedBytes));
      }
      return new SparseMap(pieces, count, size);
    }

    MalformedImageException malformed(String what) {
      return new MalformedImageException("member %s: its sparse map %s".formatted(shownName, what));
    }

    void requireRoomFor(long pieceCount) throws ImageTooLargeException {
      if (pieceCount > countMax) {
        throw new ImageTooLargeException(
            "member %s: its sparse map has %d pieces or more, the limit is %d"
                .formatted(shownName, pieceCount, countMax));
      }
    }
  }
}
