package io.gantry.codec;

/**
 * A block that the reader has come to: its header is behind, its compressed data is next.
 *
 * @param dataAt compressed offset of the data
 */
record XzBlock(XzBlockHeader header, XzCheck check, long dataAt) {

  /** Returns the bytes behind the header: data, padding to a multiple of four, and check. */
  long paddedSize(long compressedSize) {
    return Math.ceilDiv(compressedSize, 4) * 4 + check.size();
  }

  /** Returns the size that the index records for a block of that much compressed data. */
  long unpaddedSize(long compressedSize) {
    return header.size() + compressedSize + check.size();
  }
}
