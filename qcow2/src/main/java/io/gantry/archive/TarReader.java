package io.gantry.archive;

import io.gantry.image.ImageTooLargeException;
import io.gantry.image.MalformedImageException;
import io.gantry.image.UnsupportedImageException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The members of an archive, one after the other: POSIX ustar and pax, and what GNU tar writes.
 *
 * <p>Between two calls of {@link #next} the caller takes the bytes that {@link Member#content} maps
 * from the input, all of them.
 */
final class TarReader {

  private static final byte[] ZEROS = new byte[HeaderBlock.BYTES];

  private final ArchiveInput in;
  private final ArchiveLimits limits;
  private final boolean endMarkerNeeded;
  private PaxRecords global = PaxRecords.NONE;
  private long members;

  /** What stands in front of a member: the name and link too long for it, and pax records. */
  private static final class Before {
    @Nullable String longName;
    @Nullable String longLink;
    PaxRecords pax = PaxRecords.NONE;
    boolean any;
  }

  private TarReader(ArchiveInput in, ArchiveLimits limits, boolean endMarkerNeeded) {
    this.in = in;
    this.limits = limits;
    this.endMarkerNeeded = endMarkerNeeded;
  }

  /** Reads bytes of which nobody knows whether they are all there: the end marker tells. */
  static TarReader ofUnverifiedBytes(ArchiveInput in, ArchiveLimits limits) {
    return new TarReader(in, limits, true);
  }

  /** Reads bytes whose digest somebody else compares; some writers of layers set no end marker. */
  static TarReader ofVerifiedBytes(ArchiveInput in, ArchiveLimits limits) {
    return new TarReader(in, limits, false);
  }

  /** Returns how many members there were so far. */
  long members() {
    return members;
  }

  /** Returns the next member; null behind the last one. */
  @Nullable Member next() throws IOException {
    Before before = new Before();
    for (HeaderBlock header = header(); header != null; header = header()) {
      switch (header.type()) {
        case Member.GNU_LONG_NAME -> before.longName = longText(header);
        case Member.GNU_LONG_LINK -> before.longLink = longText(header);
        case Member.PAX_HEADER, Member.PAX_HEADER_OF_SOLARIS -> before.pax = paxRecords(header);
        case Member.PAX_GLOBAL_HEADER -> {
          global = global.overriddenBy(paxRecords(header));
          continue;
        }
        case Member.GNU_VOLUME_LABEL -> {
          in.skip(header.size());
          in.skipToBlock();
          continue;
        }
        default -> {
          return member(header, before);
        }
      }
      before.any = true;
    }
    if (before.any) {
      throw new MalformedImageException(
          "the archive ends behind an extended header, without the member it belongs to");
    }
    return null;
  }

  /**
   * Returns the next header; null at the end of the archive.
   *
   * <p>POSIX asks for two blocks of zeros there. GNU tar only warns of a lone one, and takes an
   * archive without any; but so does end what was cut short between two members.
   */
  private @Nullable HeaderBlock header() throws IOException {
    long at = in.position();
    byte[] block = endMarkerNeeded ? in.block() : in.nextBlock();
    if (block == null) {
      return null;
    }
    if (!Arrays.equals(block, ZEROS)) {
      return HeaderBlock.verified(block, at);
    }
    byte[] second = in.nextBlock();
    if (second != null && !Arrays.equals(second, ZEROS)) {
      throw new MalformedImageException(
          "a lone block of zeros at %d, and more behind it; the archive is damaged".formatted(at));
    }
    return null;
  }

  private String longText(HeaderBlock header) throws IOException {
    byte[] bytes = record(header);
    return ByteText.upToNul(bytes, 0, bytes.length);
  }

  private PaxRecords paxRecords(HeaderBlock header) throws IOException {
    return PaxRecords.parse(record(header), header.at());
  }

  private byte[] record(HeaderBlock header) throws IOException {
    long size = header.size();
    if (size > limits.recordBytesMax()) {
      throw new ImageTooLargeException(
          "the extended header at %d has %d bytes, the limit is %d"
              .formatted(header.at(), size, limits.recordBytesMax()));
    }
    return in.readRecord((int) size);
  }

  private Member member(HeaderBlock header, Before before) throws IOException {
    if (++members > limits.membersMax()) {
      throw new ImageTooLargeException(
          "the archive has more than %d members, the limit".formatted(limits.membersMax()));
    }
    PaxRecords pax = global.overriddenBy(before.pax);
    String name = name(header, before, pax);
    Instant paxModified = pax.modified();
    return new Member(
        name,
        header.type(),
        header.mode(),
        paxModified == null ? modified(header) : paxModified,
        content(header, name, pax),
        linkTarget(header, before, pax));
  }

  private static String name(HeaderBlock header, Before before, PaxRecords pax) {
    Optional<String> text = pax.text(PaxRecords.SPARSE_NAME).or(() -> pax.text(PaxRecords.PATH));
    return text.orElseGet(() -> before.longName == null ? header.name() : before.longName);
  }

  private static String linkTarget(HeaderBlock header, Before before, PaxRecords pax) {
    if (header.type() != Member.HARD_LINK && header.type() != Member.SYMBOLIC_LINK) {
      return "";
    }
    return pax.text(PaxRecords.LINK_PATH)
        .orElseGet(() -> before.longLink == null ? header.linkName() : before.longLink);
  }

  private static Instant modified(HeaderBlock header) throws MalformedImageException {
    long seconds = header.modifiedSeconds();
    try {
      return Instant.ofEpochSecond(seconds);
    } catch (DateTimeException e) {
      throw new MalformedImageException(
          "the tar header at %d has the mtime %d, which is no time".formatted(header.at(), seconds),
          e);
    }
  }

  private SparseMap content(HeaderBlock header, String name, PaxRecords pax) throws IOException {
    if (Member.TYPES_WITHOUT_DATA.indexOf(header.type()) >= 0) {
      return SparseMap.EMPTY;
    }
    long headerSize = header.size();
    long stored = pax.number(PaxRecords.SIZE).orElse(headerSize);
    SparseMap.Builder map = new SparseMap.Builder(ByteText.shown(name), limits);
    if (header.type() == Member.GNU_SPARSE) {
      return gnuSparse(header, map, stored);
    }
    if (pax.hasMapInData()) {
      long size = pax.number(PaxRecords.SPARSE_REAL_SIZE).orElse(stored);
      return new SparseMapInData(in, map, stored).read(size);
    }
    Optional<String> list = pax.text(PaxRecords.SPARSE_MAP);
    if (list.isPresent()) {
      return listed(list.get(), map)
          .build(pax.number(PaxRecords.SPARSE_SIZE).orElse(stored), stored);
    }
    return SparseMap.whole(stored);
  }

  /** GNU tar manual, "Old GNU Format": the map is in the header, and in blocks behind it. */
  private SparseMap gnuSparse(HeaderBlock header, SparseMap.Builder map, long stored)
      throws IOException {
    if (!header.hasGnuMagic()) {
      throw new UnsupportedImageException(
          "the tar header at %d is of a sparse member in the format of star, which is not known"
                  .formatted(header.at())
              + "; pack the archive with GNU tar");
    }
    header.addGnuSparse(map);
    boolean goesOn = header.gnuSparseGoesOn();
    while (goesOn) {
      long at = in.position();
      goesOn = HeaderBlock.addGnuSparse(in.block(), at, map);
    }
    return map.build(header.gnuRealSize(), stored);
  }

  /** Versions 0.0 and 0.1: {@code offset,length,offset,length,...}. */
  private static SparseMap.Builder listed(String list, SparseMap.Builder map) throws IOException {
    int from = 0;
    while (from <= list.length()) {
      int comma = list.indexOf(',', from);
      if (comma < 0) {
        throw map.malformed("ends with an offset");
      }
      int end = list.indexOf(',', comma + 1);
      end = end < 0 ? list.length() : end;
      map.add(
          PaxRecords.parseNumber(PaxRecords.SPARSE_MAP, list.substring(from, comma)),
          PaxRecords.parseNumber(PaxRecords.SPARSE_MAP, list.substring(comma + 1, end)));
      from = end + 1;
    }
    return map;
  }
}
