package io.gantry.codec;

/** What becomes of decoded blocks: put back in order, or scattered. */
interface XzDelivery {

  /** Is told of every task in the order of the file, before it is run. */
  void begin(XzTask task) throws InterruptedException;

  /** Decodes all of the task's block, on any thread. Failures end here; false says so. */
  boolean run(XzTask task);

  /** Is told that the file was read and verified to its end; tasks may still be running. */
  void ended(long length) throws InterruptedException;

  /** Is told that reading the file failed, behind the last task begun. */
  void failed(Throwable failure);

  /** Makes running tasks stop soon. */
  void stop();
}
