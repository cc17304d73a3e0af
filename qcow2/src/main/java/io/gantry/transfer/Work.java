package io.gantry.transfer;

import java.io.IOException;

/** A piece of a transfer that any worker can do. */
interface Work {

  /** Does it with the worker's own buffers and decoders. */
  void run(WorkerTools tools) throws IOException;

  /** Gives back what it holds; called once, also when it was never run. */
  default void release() {}
}
