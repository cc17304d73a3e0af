package io.gantry.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * What is looked at in a VMDK sparse extent before it is refused anyhow: whether it is a real one.
 *
 * <pre>
 *   0 "KDMV"   4 version   8 flags   12 capacity   20 grain size   ...   44 entries per grain table
 *                                    (sectors)     (sectors)
 * </pre>
 *
 * <p>Little endian. CDI's functional tests import one with a grain directory of 159 million
 * entries, to see that nobody allocates it; the words are those of qemu-img.
 */
final class VmdkHeader {

  private static final int BYTES = 48;

  /** QEMU's limit. */
  private static final long DIRECTORY_ENTRIES_MAX = 32L << 20;

  private VmdkHeader() {}

  /** Says what is too large, if anything. */
  static Optional<String> excess(ByteBuffer head) {
    if (head.remaining() < BYTES || head.get(head.position()) != 'K') {
      return Optional.empty();
    }
    ByteBuffer header = head.slice().order(ByteOrder.LITTLE_ENDIAN);
    long capacity = header.getLong(12);
    long grain = header.getLong(20);
    int entries = header.getInt(44);
    if (capacity <= 0 || grain <= 0 || entries <= 0 || grain > Long.MAX_VALUE / entries) {
      return Optional.empty();
    }
    long directory = Math.ceilDiv(capacity, grain * entries);
    return directory > DIRECTORY_ENTRIES_MAX
        ? Optional.of(
            "L1 size too big: the VMDK's grain directory has %d entries, the limit is %d"
                .formatted(directory, DIRECTORY_ENTRIES_MAX))
        : Optional.empty();
  }
}
