package io.gantry.archive;

import java.time.Instant;

/**
 * What an archive says of one file, with everything that stands in front of it taken into account.
 *
 * @param name where it goes, one char a byte, not looked at by anybody yet
 * @param type the typeflag of the header
 * @param mode permissions, and the setuid, setgid and sticky bits
 * @param modified the last modification
 * @param content where the bytes that follow belong; empty for what has none
 * @param linkTarget of a hard or symbolic link, one char a byte; else empty
 */
record Member(
    String name, char type, int mode, Instant modified, SparseMap content, String linkTarget) {

  /** POSIX ustar: these have no data, whatever their size field holds. */
  static final String TYPES_WITHOUT_DATA = "123456";

  static final char FILE = '0';
  static final char HARD_LINK = '1';
  static final char SYMBOLIC_LINK = '2';
  static final char CHARACTER_DEVICE = '3';
  static final char BLOCK_DEVICE = '4';
  static final char DIRECTORY = '5';
  static final char FIFO = '6';
  static final char CONTIGUOUS_FILE = '7';
  static final char GNU_DIRECTORY_DUMP = 'D';
  static final char GNU_LONG_LINK = 'K';
  static final char GNU_LONG_NAME = 'L';
  static final char GNU_CONTINUED_FILE = 'M';
  static final char GNU_SPARSE = 'S';
  static final char GNU_VOLUME_LABEL = 'V';
  static final char PAX_HEADER = 'x';
  static final char PAX_HEADER_OF_SOLARIS = 'X';
  static final char PAX_GLOBAL_HEADER = 'g';
  static final char OLD_FILE = '\0';

  boolean isFile() {
    return type == FILE || type == OLD_FILE || type == CONTIGUOUS_FILE || type == GNU_SPARSE;
  }

  /** Says whether it is one, also as BSD 4.2 wrote them: files whose name ends with a slash. */
  boolean isDirectory() {
    return type == DIRECTORY
        || type == GNU_DIRECTORY_DUMP
        || (isFile() && type != GNU_SPARSE && name.endsWith("/"));
  }
}
