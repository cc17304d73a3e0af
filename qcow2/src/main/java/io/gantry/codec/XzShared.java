package io.gantry.codec;

import io.gantry.image.Limits;

/** What the decoders of one file share. */
record XzShared(Limits limits, XzArrays arrays, XzZeroBlocks zeroBlocks) {

  /** For up to {@code threads} decoders at a time. */
  static XzShared of(Limits limits, int threads) {
    return new XzShared(limits, new XzArrays(threads), new XzZeroBlocks());
  }
}
