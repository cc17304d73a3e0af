package io.gantry.registry;

import io.gantry.source.SourceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * A blob that ends only where it should, with the digest that it should have.
 *
 * <p>Remembers its first failure, so that whoever makes sense of the bytes can tell content that
 * never made any from content that broke on its way.
 */
final class VerifiedChannel implements ReadableByteChannel {

  /** SHA-256 in pieces of 64 KiB reaches its intrinsic soonest, and they are still in the cache. */
  private static final int PIECE = 64 << 10;

  private final ReadableByteChannel in;
  private final Descriptor descriptor;
  private final MessageDigest digest;
  private long position;
  private boolean ended;
  private @Nullable IOException failure;

  VerifiedChannel(ReadableByteChannel in, Descriptor descriptor) {
    this.in = in;
    this.descriptor = descriptor;
    this.digest = descriptor.digest().start();
  }

  @Override
  public int read(ByteBuffer dst) throws IOException {
    if (failure != null) {
      throw failure;
    }
    if (ended || !dst.hasRemaining()) {
      return ended ? -1 : 0;
    }
    try {
      return readPiece(dst);
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  private int readPiece(ByteBuffer dst) throws IOException {
    ByteBuffer piece = dst.slice(dst.position(), Math.min(dst.remaining(), PIECE));
    int count = in.read(piece);
    if (count < 0) {
      checkEnd();
      ended = true;
      return -1;
    }
    digest.update(piece.flip());
    position += count;
    dst.position(dst.position() + count);
    if (position > descriptor.size()) {
      throw broken("has more than the %d bytes that it should".formatted(descriptor.size()));
    }
    return count;
  }

  private void checkEnd() throws SourceException {
    if (position != descriptor.size()) {
      throw broken("has %d bytes, must have %d".formatted(position, descriptor.size()));
    }
    Digest actual = descriptor.digest().finish(digest);
    if (!actual.equals(descriptor.digest())) {
      throw broken("has other bytes than its digest says: they make " + actual);
    }
  }

  /** Bytes may break on a mirror, a proxy, a disk; another attempt may find whole ones. */
  private SourceException broken(String what) {
    return new SourceException("blob %s %s".formatted(descriptor.digest(), what), true);
  }

  /** Reads what is left, so that all of it is verified. */
  void drain() throws IOException {
    ByteBuffer passed = ByteBuffer.allocate(PIECE);
    while (read(passed.clear()) >= 0) {
      // verification is all we want
    }
  }

  /**
   * Says what is to blame for {@code symptom}, which somebody met who decodes these bytes: the
   * store or the network when the blob is not what its digest says, else the content.
   */
  IOException blame(IOException symptom) {
    try {
      drain();
      return symptom;
    } catch (IOException cause) {
      return cause;
    }
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
