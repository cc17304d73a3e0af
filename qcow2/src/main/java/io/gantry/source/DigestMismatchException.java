package io.gantry.source;

import java.io.IOException;

/** The bytes do not have the digest they were promised to have. */
public final class DigestMismatchException extends IOException {

  public DigestMismatchException(String sourceName, ExpectedDigest expected, String actualHex) {
    super(
        "%s: checksum mismatch: expected %s:%s, got %s"
            .formatted(sourceName, expected.algorithm(), expected.hex(), actualHex));
  }
}
