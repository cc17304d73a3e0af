package io.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What tests demand of disks. */
final class Disks {

  private Disks() {}

  /** Demands that two disks in files have the same length and content, wherever their holes are. */
  static void assertSame(Path expected, Path actual) throws IOException {
    assertThat(Files.size(actual)).isEqualTo(Files.size(expected));
    assertBeginsWith(expected, actual);
  }

  /** Demands that a file begins with what a disk holds. */
  static void assertBeginsWith(Path expected, Path actual) throws IOException {
    long size = Files.size(expected);
    assertThat(SparseFile.nz64k(actual, size)).isEqualTo(SparseFile.nz64k(expected, size));
  }
}
