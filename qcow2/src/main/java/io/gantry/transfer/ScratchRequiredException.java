package io.gantry.transfer;

import java.io.IOException;

/** Carries "scratch space required" from the depth of a copy to {@link Transfer}, no further. */
final class ScratchRequiredException extends IOException {

  ScratchRequiredException(String reason) {
    super(reason);
  }
}
