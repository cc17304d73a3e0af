package io.gantry.target;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DurableLogTest {

  private final DurableLog log = new DurableLog();

  @Test
  void coversOnlyWhatWasWrittenBeforeTheSyncBegan() {
    log.written(0, 100);
    RangeSet covered = log.takePending();
    log.written(100, 200);
    log.synced(covered);
    assertThat(log.durable().contains(0, 100)).isTrue();
    assertThat(log.durable().contains(100, 101)).isFalse();
    log.synced(log.takePending());
    assertThat(log.durable().contains(0, 200)).isTrue();
  }

  @Test
  void neverClaimsWhatAFailedSyncCovered() {
    log.written(0, 100);
    log.takePending();
    log.synced(log.takePending());
    assertThat(log.durable().count()).isZero();
  }

  @Test
  void staysBoundedAndTrueWhenWritesAreScattered() {
    for (long i = 0; i < 200_000; i++) {
      log.written(i * 8192, i * 8192 + 4096);
    }
    log.written(1L << 40, (1L << 40) + 65_536);
    log.synced(log.takePending());
    RangeSet durable = log.durable();
    assertThat(durable.count()).isLessThanOrEqualTo(1 << 16);
    assertThat(durable.contains(1L << 40, (1L << 40) + 65_536)).isTrue();
    assertThat(durable.ranges()).allMatch(range -> range.start() % 8192 == 0);
  }
}
