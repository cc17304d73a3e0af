package io.gantry.target;

import io.gantry.testkit.InMemoryTarget;
import io.gantry.testkit.TargetContract;
import java.util.Arrays;
import org.junit.jupiter.api.Nested;

/** The double keeps the contract too, else tests with it would prove nothing. */
class InMemoryTargetTest {

  abstract static class MemoryContract extends TargetContract {
    InMemoryTarget target = InMemoryTarget.empty(0);

    @Override
    protected byte[] stored(int size) {
      return Arrays.copyOf(target.bytes(), size);
    }

    @Override
    protected boolean isDiscarded() {
      return target.isAbandoned();
    }
  }

  @Nested
  class LikeAFile extends MemoryContract {
    @Override
    protected Target open() {
      target = InMemoryTarget.empty(4 << 20);
      return target;
    }
  }

  @Nested
  class LikeADevice extends MemoryContract {
    @Override
    protected Target open() {
      target = InMemoryTarget.garbage(4 << 20);
      return target;
    }
  }
}
