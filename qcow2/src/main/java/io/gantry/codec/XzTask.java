package io.gantry.codec;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * One block that is being decoded.
 *
 * @param decoder of the block; it may have decoded some of it already
 * @param start position of the block's first byte in the decoded stream
 * @param results for a reader in order; bounded by the pool that the pieces come from
 */
record XzTask(XzBlockDecoder decoder, long start, BlockingQueue<Result> results) {

  XzTask(XzBlockDecoder decoder, long start) {
    this(decoder, start, new LinkedBlockingQueue<>());
  }

  /** What comes out of a block. */
  sealed interface Result {}

  /** Decoded bytes, in an array of the pool. */
  record Piece(XzBytes bytes) implements Result {}

  record BlockEnd() implements Result {}

  record Failed(Throwable failure) implements Result {}
}
