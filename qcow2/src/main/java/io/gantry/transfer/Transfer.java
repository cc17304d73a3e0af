package io.gantry.transfer;

import io.gantry.source.Source;
import io.gantry.target.Target;
import java.io.IOException;

/** One disk from a source to a target. */
public final class Transfer {

  private Transfer() {}

  /**
   * Fills {@code target} from {@code source}: everything is decided once, then done once. When this
   * returns {@link TransferResult.Done}, the disk is complete and synced; in every other case the
   * target has been abandoned. The caller closes both ends.
   */
  public static TransferResult run(
      Source source, Target target, TransferOptions options, Progress progress)
      throws IOException {
    throw new UnsupportedOperationException("issue 3");
  }
}
