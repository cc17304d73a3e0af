package io.gantry.format.qcow2;

import io.gantry.image.CompressedCluster;
import io.gantry.image.Extent;
import io.gantry.image.Image;
import io.gantry.image.LayoutVisitor;
import io.gantry.io.RandomAccessInput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Keeps the first piece of a layout. */
final class FirstExtent implements LayoutVisitor {

  /** Far enough to find long extents, near enough not to walk tables in vain. */
  private static final long STEP = 64L << 20;

  private @Nullable Extent extent;

  private FirstExtent() {}

  static Extent of(Image image, long offset, long end) throws IOException {
    FirstExtent first = new FirstExtent();
    image.layout(offset, Math.min(end, offset + STEP), first);
    if (first.extent == null) {
      throw new IllegalArgumentException("empty range at " + offset);
    }
    return first.extent;
  }

  @Override
  public void data(
      long guestOffset, long length, RandomAccessInput input, long hostOffset, int depth) {
    take(guestOffset, length, Extent.Kind.DATA);
  }

  @Override
  public void compressed(
      long guestOffset, long length, CompressedCluster cluster, int skip, int depth) {
    take(guestOffset, length, Extent.Kind.DATA);
  }

  @Override
  public void zero(long guestOffset, long length, long hostOffset, int depth) {
    take(guestOffset, length, Extent.Kind.ZERO);
  }

  @Override
  public void unallocated(long guestOffset, long length) {
    take(guestOffset, length, Extent.Kind.UNALLOCATED);
  }

  private void take(long start, long length, Extent.Kind kind) {
    if (extent == null) {
      extent = new Extent(start, length, kind);
    } else if (extent.kind() == kind && extent.end() == start) {
      extent = new Extent(extent.start(), extent.length() + length, kind);
    }
  }
}
