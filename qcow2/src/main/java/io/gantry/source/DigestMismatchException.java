package io.gantry.source;

import java.io.IOException;

/** The bytes do not have the digest they were promised to have. */
public final class DigestMismatchException extends IOException {

  private final ExpectedDigest expected;
  private final ExpectedDigest calculated;

  public DigestMismatchException(String sourceName, ExpectedDigest expected, String actualHex) {
    this(sourceName, expected, new ExpectedDigest(expected.algorithm(), actualHex));
  }

  private DigestMismatchException(
      String sourceName, ExpectedDigest expected, ExpectedDigest calculated) {
    super(
        "%s: checksum mismatch: expected %s, calculated %s"
            .formatted(sourceName, expected, calculated));
    this.expected = expected;
    this.calculated = calculated;
  }

  public ExpectedDigest expected() {
    return expected;
  }

  public ExpectedDigest calculated() {
    return calculated;
  }
}
