package io.gantry.cli;

import io.gantry.image.CompressedCluster;
import io.gantry.image.LayoutVisitor;
import io.gantry.io.RandomAccessInput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Puts together neighbours in the layout of an image that print as one line. */
final class MapMerger implements LayoutVisitor {

  private static final String NO_FILE = "";

  private final MapOutput output;
  private final long virtualSize;
  private @Nullable MapEntry pending;

  MapMerger(MapOutput output, long virtualSize) {
    this.output = output;
    this.virtualSize = virtualSize;
  }

  @Override
  public void data(
      long guestOffset, long length, RandomAccessInput input, long hostOffset, int depth)
      throws IOException {
    add(
        new MapEntry(
            guestOffset, length, depth, true, false, true, false, hostOffset, input.name()));
  }

  @Override
  public void compressed(
      long guestOffset, long length, CompressedCluster cluster, int skip, int depth)
      throws IOException {
    String file = cluster.input().name();
    add(new MapEntry(guestOffset, length, depth, true, false, true, true, -1, file));
  }

  @Override
  public void zero(long guestOffset, long length, long hostOffset, int depth) throws IOException {
    add(new MapEntry(guestOffset, length, depth, true, true, false, false, hostOffset, NO_FILE));
  }

  @Override
  public void unallocated(long guestOffset, long length) throws IOException {
    add(new MapEntry(guestOffset, length, 0, false, true, false, false, -1, NO_FILE));
  }

  /** Hands on the last entry. */
  void end() throws IOException {
    if (pending != null) {
      output.entry(wholeSectors(pending));
      pending = null;
    }
  }

  private void add(MapEntry entry) throws IOException {
    if (pending == null) {
      pending = entry;
    } else if (pending.continuedBy(entry)) {
      pending = pending.followedBy(entry);
    } else {
      output.entry(pending);
      pending = entry;
    }
  }

  /** The disk ends with a whole sector, also where a raw file does not; see Description. */
  private MapEntry wholeSectors(MapEntry last) {
    long padding = Description.wholeSectors(virtualSize) - virtualSize;
    return new MapEntry(
        last.start(),
        last.length() + padding,
        last.depth(),
        last.present(),
        last.zero(),
        last.data(),
        last.compressed(),
        last.offset(),
        last.file());
  }
}
