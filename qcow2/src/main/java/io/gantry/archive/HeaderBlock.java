package io.gantry.archive;

import io.gantry.image.ImageException;
import io.gantry.image.MalformedImageException;
import java.io.IOException;
import org.apache.commons.compress.archivers.tar.TarArchiveSparseEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveStructSparse;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.tar.TarUtils;

/**
 * One header of 512 bytes, its checksum verified.
 *
 * <pre>
 *    0 name 100 | 100 mode 8 | 108 uid 8 | 116 gid 8 | 124 size 12 | 136 mtime 12 | 148 chksum 8
 *  156 typeflag 1 | 157 linkname 100 | 257 magic 6 | 263 version 2 | 265 uname 32 | 297 gname 32
 *  329 devmajor 8 | 337 devminor 8 | 345 prefix 155
 *  GNU: 386 sparse 4 * 24 | 482 isextended 1 | 483 realsize 12
 * </pre>
 *
 * <p>Numbers and checksums are commons-compress's business, and it is known here only. Its own tar
 * reader is not used: it checks no checksum of PAX headers and long names, holds them in memory
 * whatever their size, takes names for text, cannot tell an archive that ends from one cut short
 * between two members, and refuses old GNU sparse members of 8 GiB and more, whose real size is
 * binary.
 */
final class HeaderBlock {

  static final int BYTES = 512;

  private static final int NAME = 0;
  private static final int MODE = 100;
  private static final int SIZE = 124;
  private static final int MTIME = 136;
  private static final int TYPE = 156;
  private static final int LINK = 157;
  private static final int MAGIC = 257;
  private static final int PREFIX = 345;
  private static final int GNU_SPARSE = 386;
  private static final int GNU_IS_EXTENDED = 482;
  private static final int GNU_REAL_SIZE = 483;

  private static final int GNU_SPARSE_COUNT = 4;
  private static final int GNU_SPARSE_BYTES =
      TarConstants.SPARSE_OFFSET_LEN + TarConstants.SPARSE_NUMBYTES_LEN;

  /** POSIX ends its magic with a NUL; GNU has a space there and other things behind. */
  private static final String POSIX_MAGIC = "ustar\0";

  private static final String GNU_MAGIC = "ustar ";

  private final long at;
  private final byte[] bytes;

  private HeaderBlock(long at, byte[] bytes) {
    this.at = at;
    this.bytes = bytes;
  }

  /** Takes {@code bytes}, which lie at {@code at} in the archive, for a header, if they are one. */
  static HeaderBlock verified(byte[] bytes, long at) throws MalformedImageException {
    if (!hasRightChecksum(bytes)) {
      throw new MalformedImageException(
          at == 0
              ? "is not a tar archive: its first 512 bytes have not the checksum of a tar header"
              : "the tar header at %d has a wrong checksum; the archive is damaged".formatted(at));
    }
    return new HeaderBlock(at, bytes);
  }

  /** Returns the offset in the archive. */
  long at() {
    return at;
  }

  /** The library throws what is no number, rather than calling it wrong. */
  static boolean hasRightChecksum(byte[] bytes) {
    try {
      return TarUtils.verifyCheckSum(bytes);
    } catch (RuntimeException _) {
      return false;
    }
  }

  /** The name, with the prefix that only POSIX headers have. */
  String name() {
    String name = ByteText.upToNul(bytes, NAME, NAME + TarConstants.NAMELEN);
    String prefix =
        hasMagic(POSIX_MAGIC)
            ? ByteText.upToNul(bytes, PREFIX, PREFIX + TarConstants.PREFIXLEN)
            : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  String linkName() {
    return ByteText.upToNul(bytes, LINK, LINK + TarConstants.NAMELEN);
  }

  char type() {
    return (char) (bytes[TYPE] & 0xff);
  }

  int mode() throws MalformedImageException {
    return (int) number("mode", MODE, TarConstants.MODELEN) & 07777;
  }

  long size() throws MalformedImageException {
    return notNegative("size", number("size", SIZE, TarConstants.SIZELEN));
  }

  long modifiedSeconds() throws MalformedImageException {
    return number("mtime", MTIME, TarConstants.MODTIMELEN);
  }

  boolean hasGnuMagic() {
    return hasMagic(GNU_MAGIC);
  }

  long gnuRealSize() throws MalformedImageException {
    return notNegative("realsize", number("realsize", GNU_REAL_SIZE, TarConstants.REALSIZELEN_GNU));
  }

  /** Says whether a block with more of the sparse map follows. */
  boolean gnuSparseGoesOn() {
    return bytes[GNU_IS_EXTENDED] != 0;
  }

  void addGnuSparse(SparseMap.Builder map) throws ImageException {
    for (int i = 0; i < GNU_SPARSE_COUNT; i++) {
      int from = GNU_SPARSE + i * GNU_SPARSE_BYTES;
      long offset = number("sparse offset", from, TarConstants.SPARSE_OFFSET_LEN);
      long length =
          number(
              "sparse numbytes",
              from + TarConstants.SPARSE_OFFSET_LEN,
              TarConstants.SPARSE_NUMBYTES_LEN);
      map.add(offset, length);
    }
  }

  /** Adds what a block that continues the sparse map holds; returns whether one more follows. */
  static boolean addGnuSparse(byte[] block, long at, SparseMap.Builder map) throws ImageException {
    TarArchiveSparseEntry more = sparseEntry(block, at);
    for (TarArchiveStructSparse piece : more.getSparseHeaders()) {
      map.add(piece.getOffset(), piece.getNumbytes());
    }
    return more.isExtended();
  }

  private static TarArchiveSparseEntry sparseEntry(byte[] block, long at)
      throws MalformedImageException {
    try {
      return new TarArchiveSparseEntry(block);
    } catch (IOException | RuntimeException e) {
      throw new MalformedImageException(
          "the sparse map that goes on at %d has no number where one should be".formatted(at), e);
    }
  }

  private boolean hasMagic(String magic) {
    return ByteText.of(bytes, MAGIC, MAGIC + magic.length()).equals(magic);
  }

  private long number(String field, int offset, int length) throws MalformedImageException {
    try {
      return TarUtils.parseOctalOrBinary(bytes, offset, length);
    } catch (RuntimeException e) {
      throw new MalformedImageException(
          "the tar header at %d has no number in its %s field".formatted(at, field), e);
    }
  }

  private long notNegative(String field, long value) throws MalformedImageException {
    if (value < 0) {
      throw new MalformedImageException(
          "the tar header at %d has the %s %d".formatted(at, field, value));
    }
    return value;
  }
}
