package io.gantry.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.image.Limits;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class WorkerToolsTest {

  @Test
  void keepsAllContentWhenTheBufferGrowsAfterAShorterUse() {
    try (WorkerTools tools = new WorkerTools(Limits.DEFAULT)) {
      tools.buffer(100).put(99, (byte) 1).limit(10);

      ByteBuffer larger = tools.buffer(200);

      assertThat(larger.capacity()).isEqualTo(200);
      assertThat(larger.get(99)).isEqualTo((byte) 1);
    }
  }
}
