package io.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

/**
 * How one command ended.
 *
 * @param status exit status
 */
record Outcome(int status, String out, String err, Duration elapsed, Usage usage) {

  /**
   * What a process took.
   *
   * @param peakKib most memory that was resident at a time
   * @param processorTime of all its threads: what it would take where nothing else runs, or more
   */
  record Usage(long peakKib, Duration processorTime) {

    static final Usage UNKNOWN = new Usage(0, Duration.ZERO);
  }

  private static final int SOURCE = 3;
  private static final int TARGET = 5;

  boolean done() {
    return status == 0;
  }

  /** Demands success, with nothing said on standard error. */
  Outcome expectDone() {
    assertThat(status).as("exit status, after: %s", err).isZero();
    assertThat(err).isEmpty();
    return this;
  }

  /** Demands a refusal with exactly this status, told in one line. */
  Outcome expectRefused(int expectedStatus) {
    assertThat(status).as("exit status, after: %s", err).isEqualTo(expectedStatus);
    return expectOneLine();
  }

  /** Demands that source, image or target was blamed, in one line. */
  Outcome expectRefused() {
    assertThat(status).as("exit status, after: %s", err).isBetween(SOURCE, TARGET);
    return expectOneLine();
  }

  /** Demands one line on standard error that was written for people. */
  Outcome expectOneLine() {
    assertThat(err).endsWith("\n");
    assertThat(err.strip().lines()).as("lines of: %s", err).hasSize(1);
    expectNoStackTrace();
    return this;
  }

  /** Demands that nothing looks as if a program had crashed. */
  Outcome expectNoStackTrace() {
    assertThat(out + err).doesNotContain("at io.gantry", "Exception", "OutOfMemoryError", "hs_err");
    return this;
  }
}
