package io.gantry.target;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A set of byte ranges, adjacent ones merged. Not thread-safe; {@link #copy()} hands out others. */
public final class RangeSet {

  private final TreeMap<Long, Long> endByStart = new TreeMap<>();

  /** Adds {@code [start, end)}. */
  public void add(long start, long end) {
    if (start < 0 || end <= start) {
      throw new IllegalArgumentException("start=" + start + " end=" + end);
    }
    long mergedStart = start;
    long mergedEnd = end;
    Map.Entry<Long, Long> left = endByStart.floorEntry(start);
    if (left != null && left.getValue() >= start) {
      mergedStart = left.getKey();
      mergedEnd = Math.max(mergedEnd, left.getValue());
    }
    NavigableMap<Long, Long> covered = endByStart.subMap(mergedStart, true, mergedEnd, true);
    for (long coveredEnd : covered.values()) {
      mergedEnd = Math.max(mergedEnd, coveredEnd);
    }
    covered.clear();
    endByStart.put(mergedStart, mergedEnd);
  }

  /** Says whether all of {@code [start, end)} is in the set. */
  public boolean contains(long start, long end) {
    Map.Entry<Long, Long> left = endByStart.floorEntry(start);
    return left != null && left.getValue() >= end;
  }

  /** Returns the sum of the lengths. */
  public long length() {
    long sum = 0;
    for (Map.Entry<Long, Long> range : endByStart.entrySet()) {
      sum += range.getValue() - range.getKey();
    }
    return sum;
  }

  /** Returns the number of ranges. */
  public int count() {
    return endByStart.size();
  }

  public RangeSet copy() {
    RangeSet copy = new RangeSet();
    copy.endByStart.putAll(endByStart);
    return copy;
  }

  @Override
  public String toString() {
    return endByStart.toString();
  }
}
