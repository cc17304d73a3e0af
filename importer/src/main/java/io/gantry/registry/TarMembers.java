package io.gantry.registry;

import io.gantry.image.ImageException;
import io.gantry.image.MalformedImageException;
import io.gantry.source.SourceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** The members of a tar, one after the other; sparse ones are read with their holes filled in. */
final class TarMembers {

  private static final int BLOCK = 512;
  private static final int CHECKSUM_AT = 148;
  private static final int CHECKSUM_LENGTH = 8;

  private final TarBytes bytes;
  private final TarArchiveInputStream tar;
  private long contentLeft;

  TarMembers(ReadableByteChannel in) {
    this.bytes = new TarBytes(in);
    this.tar = new TarArchiveInputStream(bytes, StandardCharsets.UTF_8.name());
  }

  /**
   * Tells a tar by the checksum in its first header (POSIX.1-2017, pax, "ustar Interchange
   * Format"): old ones have no magic, and a file may begin with anything.
   */
  static boolean isTar(ByteBuffer head) {
    if (head.remaining() < BLOCK) {
      return false;
    }
    int sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      boolean inChecksum = i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM_LENGTH;
      sum += inChecksum ? ' ' : head.get(head.position() + i) & 0xff;
    }
    return sum == octal(head);
  }

  private static int octal(ByteBuffer head) {
    int value = 0;
    boolean digits = false;
    for (int i = 0; i < CHECKSUM_LENGTH; i++) {
      int c = head.get(head.position() + CHECKSUM_AT + i);
      if (c >= '0' && c <= '7') {
        value = value * 8 + c - '0';
        digits = true;
      } else if (digits || c != ' ') {
        break;
      }
    }
    return digits ? value : -1;
  }

  /** Passes over what is left of a member and returns the next one. */
  Optional<LayerMember> next() throws IOException {
    bytes.expectHeaders(contentLeft);
    TarArchiveEntry entry;
    try {
      entry = tar.getNextEntry();
    } catch (IOException e) {
      throw explained(e);
    } catch (IllegalArgumentException e) {
      throw new MalformedImageException("a tar is malformed: " + e.getMessage(), e);
    }
    bytes.expectContent();
    contentLeft = entry == null ? 0 : entry.getSize();
    return Optional.ofNullable(entry).map(TarMembers::member);
  }

  private static LayerMember member(TarArchiveEntry entry) {
    return new LayerMember(
        entry.getName(),
        entry.isDirectory(),
        isRegular(entry),
        entry.isSparse(),
        entry.isSparse() ? entry.getRealSize() : entry.getSize());
  }

  /** The library takes everything for a file that is no directory. */
  private static boolean isRegular(TarArchiveEntry entry) {
    return switch (entry.getLinkFlag()) {
      case TarConstants.LF_OLDNORM,
          TarConstants.LF_NORMAL,
          TarConstants.LF_CONTIG,
          TarConstants.LF_GNUTYPE_SPARSE ->
          true;
      default -> false;
    };
  }

  /** Returns how far the tar has been read: behind {@link #next}, where the content begins. */
  long position() {
    return bytes.position();
  }

  /** Reads content of the current member; -1 at its end. */
  int read(byte[] dst, int offset, int length) throws IOException {
    try {
      return tar.read(dst, offset, length);
    } catch (IOException e) {
      throw explained(e);
    }
  }

  /** What the layer or the network says passes; the rest are complaints of the tar reader. */
  private static IOException explained(IOException failure) {
    return failure instanceof ImageException || failure instanceof SourceException
        ? failure
        : new MalformedImageException("a tar is malformed: " + failure.getMessage(), failure);
  }
}
