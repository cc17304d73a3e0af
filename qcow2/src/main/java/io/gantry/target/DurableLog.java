package io.gantry.target;

/**
 * Which ranges are on disk for good, and which wait for the next checkpoint.
 *
 * <p>One short lock per write: 17,000 pieces of 64 KiB make a gigabyte, and recording them takes
 * milliseconds. What comes in order merges into a few ranges. What does not is bounded: the
 * shortest ranges are forgotten, which only means that they would be written once more.
 */
final class DurableLog {

  /** Some 6 MiB of ranges in each of the two sets. */
  private static final int RANGES_MAX = 1 << 16;

  private RangeSet pending = new RangeSet();
  private final RangeSet durable = new RangeSet();

  /** Remembers {@code [start, end)} as written. */
  synchronized void written(long start, long end) {
    if (start < end) {
      pending.add(start, end);
      bound(pending);
    }
  }

  /** Begins with what an earlier run made durable. */
  synchronized void resume(RangeSet ranges) {
    ranges.ranges().forEach(range -> durable.add(range.start(), range.end()));
  }

  /** Takes out what has been written so far, to be handed to {@link #synced} after a sync. */
  synchronized RangeSet takePending() {
    RangeSet taken = pending;
    pending = new RangeSet();
    return taken;
  }

  synchronized void synced(RangeSet ranges) {
    ranges.ranges().forEach(range -> durable.add(range.start(), range.end()));
    bound(durable);
  }

  synchronized RangeSet durable() {
    return durable.copy();
  }

  private static void bound(RangeSet ranges) {
    if (ranges.count() > RANGES_MAX) {
      ranges.keepLongest(RANGES_MAX / 2);
    }
  }
}
