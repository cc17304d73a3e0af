package io.gantry.image;

/**
 * A guest range with one meaning.
 *
 * @param start guest offset, bytes
 * @param length bytes, at least one
 */
public record Extent(long start, long length, Kind kind) {

  /** What a guest range holds. */
  public enum Kind {
    /** Stored in the image, or in one of its backing files. */
    DATA,
    /** Declared to be zero by the image or a backing file. */
    ZERO,
    /** Stored nowhere: reads as zero. */
    UNALLOCATED
  }

  public Extent {
    if (start < 0 || length <= 0) {
      throw new IllegalArgumentException("start=" + start + " length=" + length);
    }
    Math.addExact(start, length);
  }

  public long end() {
    return start + length;
  }

  /** Returns the part inside {@code [from, to)}; there must be one. */
  public Extent clip(long from, long to) {
    long clippedStart = Math.max(start, from);
    return new Extent(clippedStart, Math.min(end(), to) - clippedStart, kind);
  }
}
