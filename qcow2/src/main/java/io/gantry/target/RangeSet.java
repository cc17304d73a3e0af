package io.gantry.target;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A set of byte ranges, adjacent ones merged. Not thread-safe; {@link #copy()} hands out others.
 */
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
    Map.Entry<Long, Long> right = endByStart.higherEntry(mergedStart);
    while (right != null && right.getKey() <= mergedEnd) {
      mergedEnd = Math.max(mergedEnd, right.getValue());
      endByStart.remove(right.getKey());
      right = endByStart.higherEntry(mergedStart);
    }
    endByStart.put(mergedStart, mergedEnd);
  }

  /** Says whether all of {@code [start, end)} is in the set. */
  public boolean contains(long start, long end) {
    Map.Entry<Long, Long> left = endByStart.floorEntry(start);
    return left != null && left.getValue() >= end;
  }

  /** Returns the parts of {@code [start, end)} that are not in the set, in order. */
  public List<Range> gaps(long start, long end) {
    List<Range> gaps = new ArrayList<>();
    long at = start;
    Map.Entry<Long, Long> left = endByStart.floorEntry(start);
    if (left != null && left.getValue() > at) {
      at = left.getValue();
    }
    while (at < end) {
      Map.Entry<Long, Long> next = endByStart.ceilingEntry(at);
      long gapEnd = next == null ? end : Math.min(end, next.getKey());
      if (gapEnd > at) {
        gaps.add(new Range(at, gapEnd));
      }
      at = next == null ? end : next.getValue();
    }
    return gaps;
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

  /** A range {@code [start, end)}. */
  public record Range(long start, long end) {
    public long length() {
      return end - start;
    }
  }

  /** Returns the ranges in order, as they are now. */
  public List<Range> ranges() {
    List<Range> ranges = new ArrayList<>(endByStart.size());
    endByStart.forEach((start, end) -> ranges.add(new Range(start, end)));
    return ranges;
  }

  /** Forgets all but the {@code count} longest ranges. */
  public void keepLongest(int count) {
    if (endByStart.size() <= count) {
      return;
    }
    long[] lengths =
        endByStart.entrySet().stream()
            .mapToLong(range -> range.getValue() - range.getKey())
            .sorted()
            .toArray();
    long shortestKept = lengths[lengths.length - count];
    endByStart.entrySet().removeIf(range -> range.getValue() - range.getKey() < shortestKept);
    while (endByStart.size() > count) {
      endByStart.pollFirstEntry();
    }
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
