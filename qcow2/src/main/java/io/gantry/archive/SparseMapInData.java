package io.gantry.archive;

import io.gantry.image.ImageException;
import io.gantry.image.MalformedImageException;
import java.io.IOException;

/**
 * The map at the beginning of a member's data, as version 1.0 of GNU sparse members has it (GNU tar
 * manual, "PAX Format, Version 1.0"): decimal numbers, a line each, the number of pieces first,
 * filled up to a whole block.
 */
final class SparseMapInData {

  private final ArchiveInput in;
  private final SparseMap.Builder map;
  private final long stored;
  private byte[] block = new byte[0];
  private int next;
  private long taken;

  /**
   * @param stored bytes of the member in the archive, the map included
   */
  SparseMapInData(ArchiveInput in, SparseMap.Builder map, long stored) {
    this.in = in;
    this.map = map;
    this.stored = stored;
  }

  /** Reads the map; the data follow. */
  SparseMap read(long size) throws IOException {
    long count = number();
    map.requireRoomFor(count);
    for (long i = 0; i < count; i++) {
      addPiece();
    }
    return map.build(size, stored - taken);
  }

  private void addPiece() throws IOException, ImageException {
    long offset = number();
    map.add(offset, number());
  }

  private long number() throws IOException {
    long value = 0;
    int digits = 0;
    for (int c = nextByte(); c != '\n'; c = nextByte()) {
      if (c < '0' || c > '9' || ++digits > 18) {
        throw malformed();
      }
      value = 10 * value + c - '0';
    }
    if (digits == 0) {
      throw malformed();
    }
    return value;
  }

  private MalformedImageException malformed() {
    return map.malformed("has no number at the byte %d".formatted(taken - block.length + next - 1));
  }

  private int nextByte() throws IOException {
    if (next == block.length) {
      if (stored - taken < HeaderBlock.BYTES) {
        throw map.malformed("is longer than the %d bytes of the member".formatted(stored));
      }
      block = in.block();
      taken += block.length;
      next = 0;
    }
    return block[next++];
  }
}
