package io.gantry.journal;

import io.gantry.target.RangeSet;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What is known of a disk that is being written, at one moment.
 *
 * <pre>
 *    0 magic "gantryJ1"   8 sequence number   16 identity of the source, 32 bytes of SHA-256
 *   48 disk size         56 room             64 complete (0 or 1)     68 number of ranges
 *   72 ranges: start, end, 8 bytes each      then the CRC32C of all that
 * </pre>
 *
 * All numbers are big endian.
 *
 * @param sequence grows with every entry
 * @param source digest of what tells this source from any other, hexadecimal; see {@link #digest}
 * @param diskSize bytes
 * @param room room in the volume as it was measured before the disk took it, bytes
 * @param complete whether the disk is finished and synced
 * @param durable guest ranges that are at the target for good
 */
record JournalEntry(
    long sequence, String source, long diskSize, long room, boolean complete, RangeSet durable) {

  private static final long MAGIC = 0x67616e7472794a31L;
  private static final int HEADER_LENGTH = 72;
  private static final int DIGEST_LENGTH = 32;
  private static final int RANGE_LENGTH = 16;
  private static final int CRC_LENGTH = 4;

  /** How many ranges fit into {@code length} bytes. */
  static int rangesMax(int length) {
    return (length - HEADER_LENGTH - CRC_LENGTH) / RANGE_LENGTH;
  }

  /** Returns the digest of a source's identity, of fixed length and without its secrets. */
  static String digest(String identity) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(identity.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /** Returns the bytes of the entry. */
  ByteBuffer toBytes() {
    List<RangeSet.Range> ranges = durable.ranges();
    ByteBuffer bytes =
        ByteBuffer.allocate(HEADER_LENGTH + ranges.size() * RANGE_LENGTH + CRC_LENGTH);
    bytes.putLong(MAGIC).putLong(sequence);
    bytes.put(HexFormat.of().parseHex(source));
    bytes.putLong(diskSize).putLong(room).putInt(complete ? 1 : 0).putInt(ranges.size());
    for (RangeSet.Range range : ranges) {
      bytes.putLong(range.start()).putLong(range.end());
    }
    bytes.putInt(crc(bytes.duplicate().flip()));
    return bytes.flip();
  }

  /** Reads an entry; empty when the bytes are none, or were torn while they were written. */
  static Optional<JournalEntry> parse(ByteBuffer bytes) {
    try {
      return parseWhole(bytes.slice());
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<JournalEntry> parseWhole(ByteBuffer bytes) {
    if (bytes.getLong() != MAGIC) {
      return Optional.empty();
    }
    long sequence = bytes.getLong();
    byte[] source = new byte[DIGEST_LENGTH];
    bytes.get(source);
    long diskSize = bytes.getLong();
    long room = bytes.getLong();
    boolean complete = bytes.getInt() == 1;
    int count = bytes.getInt();
    if (count < 0 || count > bytes.remaining() / RANGE_LENGTH) {
      return Optional.empty();
    }
    RangeSet durable = new RangeSet();
    for (int i = 0; i < count; i++) {
      durable.add(bytes.getLong(), bytes.getLong());
    }
    int crc = crc(bytes.duplicate().flip());
    return bytes.getInt() == crc
        ? Optional.of(
            new JournalEntry(
                sequence, HexFormat.of().formatHex(source), diskSize, room, complete, durable))
        : Optional.empty();
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
