package io.gantry.http;

/** Bytes {@code [start, end)} of a file; a Range header names its last byte instead. */
record ByteRange(long start, long end) {

  ByteRange {
    if (start < 0 || end <= start) {
      throw new IllegalArgumentException("start=" + start + " end=" + end);
    }
  }

  /** Returns the Range header, RFC 9110 section 14.2. */
  String header() {
    return "bytes=" + start + "-" + (end - 1);
  }
}
