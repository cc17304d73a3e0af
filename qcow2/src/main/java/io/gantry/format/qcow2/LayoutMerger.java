package io.gantry.format.qcow2;

import io.gantry.image.CompressedCluster;
import io.gantry.image.LayoutVisitor;
import io.gantry.io.RandomAccessInput;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Joins neighbouring pieces of a layout that could be one piece, and clips them to a range. */
final class LayoutMerger implements LayoutVisitor {

  private enum Kind {
    NONE,
    DATA,
    ZERO,
    UNALLOCATED
  }

  private final long from;
  private final long to;
  private final LayoutVisitor next;

  private Kind kind = Kind.NONE;
  private long start;
  private long length;
  private @Nullable RandomAccessInput input;
  private long hostOffset;
  private int depth;

  /** Passes on what lies inside {@code [from, to)}. */
  LayoutMerger(long from, long to, LayoutVisitor next) {
    this.from = from;
    this.to = to;
    this.next = next;
  }

  @Override
  public void data(
      long guestOffset, long length, RandomAccessInput input, long hostOffset, int depth)
      throws IOException {
    add(Kind.DATA, guestOffset, length, input, hostOffset, depth);
  }

  @Override
  public void compressed(
      long guestOffset, long length, CompressedCluster cluster, int skip, int depth)
      throws IOException {
    long clippedStart = Math.max(guestOffset, from);
    long clippedEnd = Math.min(guestOffset + length, to);
    if (clippedStart < clippedEnd) {
      flush();
      next.compressed(
          clippedStart,
          clippedEnd - clippedStart,
          cluster,
          skip + (int) (clippedStart - guestOffset),
          depth);
    }
  }

  @Override
  public void zero(long guestOffset, long length, long hostOffset, int depth) throws IOException {
    add(Kind.ZERO, guestOffset, length, null, hostOffset, depth);
  }

  @Override
  public void unallocated(long guestOffset, long length) throws IOException {
    add(Kind.UNALLOCATED, guestOffset, length, null, -1, 0);
  }

  private void add(
      Kind kind,
      long guestOffset,
      long length,
      @Nullable RandomAccessInput input,
      long hostOffset,
      int depth)
      throws IOException {
    long clippedStart = Math.max(guestOffset, from);
    long clippedEnd = Math.min(guestOffset + length, to);
    if (clippedStart >= clippedEnd) {
      return;
    }
    long clippedHost = hostOffset < 0 ? -1 : hostOffset + (clippedStart - guestOffset);
    if (kind == this.kind
        && Objects.equals(input, this.input)
        && depth == this.depth
        && clippedStart == start + this.length
        && continues(clippedHost)) {
      this.length += clippedEnd - clippedStart;
      return;
    }
    flush();
    this.kind = kind;
    this.start = clippedStart;
    this.length = clippedEnd - clippedStart;
    this.input = input;
    this.hostOffset = clippedHost;
    this.depth = depth;
  }

  private boolean continues(long nextHostOffset) {
    return hostOffset < 0 ? nextHostOffset < 0 : nextHostOffset == hostOffset + length;
  }

  /** Hands on what is still held back; to be called at the end. */
  void flush() throws IOException {
    Kind pending = kind;
    kind = Kind.NONE;
    switch (pending) {
      case NONE -> {}
      case DATA -> {
        RandomAccessInput from = Objects.requireNonNull(input);
        next.data(start, length, from, hostOffset, depth);
      }
      case ZERO -> next.zero(start, length, hostOffset, depth);
      case UNALLOCATED -> next.unallocated(start, length);
    }
  }
}
