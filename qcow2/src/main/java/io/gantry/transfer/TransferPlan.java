package io.gantry.transfer;

import io.gantry.codec.Unwrapped;
import io.gantry.codec.XzBlocks;
import io.gantry.image.Image;
import io.gantry.io.RandomAccessInput;
import java.util.Optional;

/** What will be done, decided once from the source's beginning. */
sealed interface TransferPlan {

  /** The name of the plan in receipts. */
  String id();

  /** An image that can be read at any position. */
  record CopyImage(Image image) implements TransferPlan {
    @Override
    public String id() {
      return "ranges";
    }
  }

  /** A raw disk, written as it comes. */
  record WriteRaw(Unwrapped stream) implements TransferPlan {
    @Override
    public String id() {
      return "stream";
    }
  }

  /** A raw disk in an xz file of several blocks, each decoded where it lies. */
  record WriteXzBlocks(XzBlocks blocks) implements TransferPlan {
    @Override
    public String id() {
      return "ranges";
    }
  }

  /**
   * A QCOW2 file that comes once, decoded in one pass.
   *
   * @param again the same bytes at any position, if the source has that after all
   */
  record ScatterQcow2(Unwrapped stream, Optional<RandomAccessInput> again) implements TransferPlan {
    @Override
    public String id() {
      return "stream";
    }
  }

  /** An image that must be whole before it can be read: into scratch space first. */
  record SpoolThenCopy(Unwrapped stream, String reason) implements TransferPlan {
    @Override
    public String id() {
      return "scratch";
    }
  }
}
