package io.gantry.transfer;

/** How a transfer ended, when it did not end with an exception. */
public sealed interface TransferResult {

  /** The disk is complete and on disk for good. */
  record Done(Receipt receipt) implements TransferResult {}

  /** The image cannot be decoded without scratch space; nothing was left at the target. */
  record ScratchRequired(String reason) implements TransferResult {}
}
