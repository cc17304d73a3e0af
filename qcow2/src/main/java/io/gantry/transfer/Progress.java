package io.gantry.transfer;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counters of a running transfer. Pushed by the workers, read by whoever shows them; every method
 * may be called from any thread.
 */
public final class Progress {

  /** What the transfer is busy with. */
  public enum Phase {
    OPEN,
    COPY,
    SPOOL,
    SYNC,
    DIGEST,
    DONE
  }

  private final LongAdder bytesRead = new LongAdder();
  private final LongAdder dataBytes = new LongAdder();
  private final LongAdder zeroBytes = new LongAdder();
  private final LongAdder skippedBytes = new LongAdder();
  private final LongAdder scratchBytes = new LongAdder();
  private final LongAdder workDone = new LongAdder();
  private volatile long workTotal = -1;
  private volatile Phase phase = Phase.OPEN;

  /** Enters a phase of {@code workTotal} bytes of work, -1 when that is not known. */
  public void enter(Phase phase, long workTotal) {
    workDone.reset();
    this.workTotal = workTotal;
    this.phase = phase;
  }

  public void read(long bytes) {
    bytesRead.add(bytes);
  }

  public void data(long bytes) {
    dataBytes.add(bytes);
  }

  public void zero(long bytes) {
    zeroBytes.add(bytes);
  }

  public void skipped(long bytes) {
    skippedBytes.add(bytes);
  }

  public void scratch(long bytes) {
    scratchBytes.add(bytes);
  }

  /** Adds to the work done in this phase; the measure of percent and ETA. */
  public void work(long bytes) {
    workDone.add(bytes);
  }

  public Phase phase() {
    return phase;
  }

  /** Returns a snapshot for showing. */
  public Counts counts() {
    return new Counts(
        phase,
        workDone.sum(),
        workTotal,
        bytesRead.sum(),
        dataBytes.sum(),
        zeroBytes.sum(),
        skippedBytes.sum(),
        scratchBytes.sum());
  }

  /**
   * Counters at one moment, all in bytes.
   *
   * @param workDone work done in this phase
   * @param workTotal work of this phase, -1 when not known
   */
  public record Counts(
      Phase phase,
      long workDone,
      long workTotal,
      long bytesRead,
      long dataBytes,
      long zeroBytes,
      long skippedBytes,
      long scratchBytes) {}
}
