package io.gantry.cli;

import io.gantry.image.Extent;
import io.gantry.image.Image;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Compares two disks from beginning to end, by the rules of {@code qemu-img compare}. What both
 * images know to be zero is not read.
 */
final class Comparison {

  /** How it ended: at the first difference, or at the end. */
  sealed interface Result {}

  record Identical() implements Result {}

  /** Different bytes in the sector at {@code offset}. */
  record ContentDiffers(long offset) implements Result {}

  record SizeDiffers() implements Result {}

  /** One image stores something at {@code offset}, the other nothing. */
  record AllocationDiffers(long offset) implements Result {}

  /** Two of these and a third of zeros stay in a processor's cache. */
  private static final int PIECE = 256 << 10;

  /** qemu-img names the sector of a difference, not the byte. */
  private static final long SECTOR = 512;

  private final Image a;
  private final Image b;
  private final boolean strict;
  private final ByteBuffer bytesOfA = ByteBuffer.allocateDirect(PIECE);
  private final ByteBuffer bytesOfB = ByteBuffer.allocateDirect(PIECE);
  private final ByteBuffer zeros = ByteBuffer.allocateDirect(PIECE).asReadOnlyBuffer();

  Comparison(Image a, Image b, boolean strict) {
    this.a = a;
    this.b = b;
    this.strict = strict;
  }

  long sizeA() {
    return Description.wholeSectors(a.info().virtualSize());
  }

  long sizeB() {
    return Description.wholeSectors(b.info().virtualSize());
  }

  boolean sameSize() {
    return sizeA() == sizeB();
  }

  boolean strict() {
    return strict;
  }

  Result run() throws IOException {
    if (strict && !sameSize()) {
      return new SizeDiffers();
    }
    long end = Math.max(a.info().virtualSize(), b.info().virtualSize());
    long at = 0;
    while (at < end) {
      Extent ofA = extent(a, at, end);
      Extent ofB = extent(b, at, end);
      long pieceEnd = Math.min(ofA.end(), ofB.end());
      if (strict && allocated(ofA) != allocated(ofB)) {
        return new AllocationDiffers(at);
      }
      long mismatch = mismatch(ofA.kind(), ofB.kind(), at, pieceEnd);
      if (mismatch >= 0) {
        return new ContentDiffers(mismatch / SECTOR * SECTOR);
      }
      at = pieceEnd;
    }
    return new Identical();
  }

  /** Returns the extent at {@code at}; what lies behind the end of an image is zero. */
  private static Extent extent(Image image, long at, long end) throws IOException {
    long imageEnd = Math.min(end, image.info().virtualSize());
    return at < imageEnd
        ? image.extentAt(at, imageEnd)
        : new Extent(at, end - at, Extent.Kind.UNALLOCATED);
  }

  private static boolean allocated(Extent extent) {
    return extent.kind() != Extent.Kind.UNALLOCATED;
  }

  /** Returns the offset of the first byte that differs, or -1. */
  private long mismatch(Extent.Kind kindA, Extent.Kind kindB, long from, long to)
      throws IOException {
    boolean dataA = kindA == Extent.Kind.DATA;
    boolean dataB = kindB == Extent.Kind.DATA;
    for (long at = from; (dataA || dataB) && at < to; at += PIECE) {
      int length = (int) Math.min(PIECE, to - at);
      ByteBuffer pieceOfA = dataA ? read(a, at, length, bytesOfA) : zeros.slice(0, length);
      ByteBuffer pieceOfB = dataB ? read(b, at, length, bytesOfB) : zeros.slice(0, length);
      int mismatch = pieceOfA.mismatch(pieceOfB);
      if (mismatch >= 0) {
        return at + mismatch;
      }
    }
    return -1;
  }

  private static ByteBuffer read(Image image, long at, int length, ByteBuffer buffer)
      throws IOException {
    image.readFully(at, buffer.clear().limit(length));
    return buffer.flip();
  }
}
