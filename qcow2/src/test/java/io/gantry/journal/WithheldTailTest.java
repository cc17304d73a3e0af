package io.gantry.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.target.Target;
import io.gantry.testkit.InMemoryTarget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class WithheldTailTest {

  private static final int DISK = 1 << 20;
  private static final int TAIL = 10_000;

  private final InMemoryTarget memory = InMemoryTarget.empty(DISK);
  private final Target target = new WithheldTail(memory, DISK, TAIL);

  private static ByteBuffer bytes(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return ByteBuffer.wrap(bytes);
  }

  @Test
  void keepsTheEndToItselfUntilTheDiskIsFinished() throws IOException {
    target.prepare(DISK);
    target.write(DISK - TAIL - 100, bytes(TAIL + 100, 5));
    target.zero(DISK - 1000, 1000);
    ByteBuffer read = ByteBuffer.allocate(TAIL + 200);
    target.readFully(DISK - TAIL - 200, read);
    assertThat(memory.bytes()[DISK - TAIL - 1]).isEqualTo((byte) 5);
    assertThat(memory.bytes()[DISK - TAIL]).isZero();

    target.finish();

    byte[] content = memory.bytes();
    assertThat(Arrays.copyOfRange(content, DISK - TAIL - 200, DISK)).isEqualTo(read.array());
    assertThat(content[DISK - 1001]).isEqualTo((byte) 5);
    assertThat(content[DISK - 1000]).isZero();
  }
}
