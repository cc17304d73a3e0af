package io.gantry.codec;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * A list of records of an index, of which only sums and a hash are kept.
 *
 * <p>The blocks of a stream are counted in one of these, the records of its index in another; they
 * must be equal. So a stream of any number of blocks is verified in constant memory.
 */
final class XzIndexSum {

  private final MessageDigest digest = sha256();
  private final ByteBuffer record = ByteBuffer.allocate(2 * Long.BYTES);
  private long count;

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java runtime lacks SHA-256", e);
    }
  }

  void add(long unpaddedSize, long uncompressedSize) {
    count++;
    digest.update(record.clear().putLong(unpaddedSize).putLong(uncompressedSize).flip());
  }

  long count() {
    return count;
  }

  /** Says whether the same records were added in the same order; both can be used no more. */
  boolean sameAs(XzIndexSum other) {
    return count == other.count && Arrays.equals(digest.digest(), other.digest.digest());
  }
}
