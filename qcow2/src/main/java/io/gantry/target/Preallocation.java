package io.gantry.target;

/** How much room is claimed before the data comes. */
public enum Preallocation {
  /** Nothing: zero areas become holes. */
  OFF,
  /** Blocks are allocated, not written ({@code fallocate(2)}). */
  FALLOC,
  /** Every byte is written, or zero-ranged without unmapping. */
  FULL
}
