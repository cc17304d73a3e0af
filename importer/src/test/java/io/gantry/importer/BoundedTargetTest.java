package io.gantry.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.testkit.InMemoryTarget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class BoundedTargetTest {

  private static final int AVAILABLE = 1000;

  private final InMemoryTarget device = InMemoryTarget.garbage(4096);
  private final BoundedTarget target = new BoundedTarget(() -> device, AVAILABLE);

  @Test
  void refusesADiskOfAKnownSizeBeforeTheFirstByte() {
    assertThatThrownBy(() -> target.prepare(AVAILABLE + 1))
        .hasMessageContaining("size 1001 is larger than the reported available storage 1000.");
  }

  @Test
  void countsWhatDoesNotFitAndWritesNoneOfIt() throws IOException {
    target.prepare(0);
    target.grow(AVAILABLE);
    target.write(0, ByteBuffer.allocate(AVAILABLE));
    target.grow(2048);
    target.write(AVAILABLE, ByteBuffer.allocate(1048));
    target.grow(3072);
    target.zero(2048, 1024);

    assertThatThrownBy(target::finish)
        .hasMessageContaining("size 3072 is larger than the reported available storage 1000.");

    assertThat(target.diskSize()).isEqualTo(AVAILABLE);
    assertThat(device.bytes()[AVAILABLE - 1]).isZero();
    assertThat(device.bytes()[AVAILABLE]).isNotZero();
    assertThat(device.isFinished()).isFalse();
  }

  @Test
  void countsForALimitedTime() throws IOException {
    BoundedTarget impatient = new BoundedTarget(() -> device, AVAILABLE, Duration.ofNanos(-1));
    impatient.prepare(0);
    impatient.grow(2048);

    assertThatThrownBy(() -> impatient.grow(3072))
        .isInstanceOf(DiskTooLargeException.class)
        .hasMessageContaining("size 3072");
  }
}
