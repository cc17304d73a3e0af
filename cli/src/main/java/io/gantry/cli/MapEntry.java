package io.gantry.cli;

/**
 * One line of {@code map}, in the words of {@code qemu-img map}.
 *
 * @param start guest offset, bytes
 * @param length bytes
 * @param depth 0 for the image, 1 for its backing file, and so on
 * @param present whether the chain says anything of this range
 * @param zero whether it reads as zero
 * @param data whether it is stored
 * @param compressed whether it is stored compressed
 * @param offset host offset of what is stored as it is, or -1
 * @param file the file it is stored in; empty if in none
 */
record MapEntry(
    long start,
    long length,
    int depth,
    boolean present,
    boolean zero,
    boolean data,
    boolean compressed,
    long offset,
    String file) {

  /** Says whether {@code next} goes on where this one ends, in the image and in the file. */
  boolean continuedBy(MapEntry next) {
    return start + length == next.start
        && depth == next.depth
        && present == next.present
        && zero == next.zero
        && data == next.data
        && compressed == next.compressed
        && file.equals(next.file)
        && (offset < 0 ? next.offset < 0 : offset + length == next.offset);
  }

  MapEntry followedBy(MapEntry next) {
    return new MapEntry(
        start, length + next.length, depth, present, zero, data, compressed, offset, file);
  }
}
