package io.gantry.transfer;

import io.gantry.source.ExpectedDigest;
import io.gantry.target.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * The digest of the finished disk, read back from the target: of what is there, not of what was
 * meant.
 */
final class ContentDigest {

  /** Digests reach their fast path sooner with small updates. */
  private static final int PIECE = 64 << 10;

  private ContentDigest() {}

  /** Returns {@code algo:hex} of the first {@code diskSize} bytes. */
  static String of(Target target, long diskSize, String algorithm, Progress progress)
      throws IOException {
    progress.enter(Progress.Phase.DIGEST, diskSize);
    MessageDigest digest = ExpectedDigest.newMessageDigest(algorithm);
    ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
    for (long at = 0; at < diskSize; at += piece.limit()) {
      piece.clear().limit((int) Math.min(PIECE, diskSize - at));
      target.readFully(at, piece);
      digest.update(piece.flip());
      progress.work(piece.limit());
    }
    return algorithm.toLowerCase(java.util.Locale.ROOT)
        + ":"
        + HexFormat.of().formatHex(digest.digest());
  }
}
