package io.gantry.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.image.Limits;
import io.gantry.io.RandomAccessInput;
import io.gantry.testkit.BytesInput;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class HostWindowTest {

  private static final int LENGTH = 3 * HostWindow.PIECE + 777;

  private final byte[] bytes = new byte[LENGTH];

  HostWindowTest() {
    new SplittableRandom(8).nextBytes(bytes);
  }

  /** Reads all that is behind {@code start}, as much at once as the window proposes. */
  private ByteBuffer readAll(RandomAccessInput input, int start) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(LENGTH - start);
    try (WorkerTools tools = new WorkerTools(Limits.DEFAULT);
        HostWindow window = new HostWindow(input, start, LENGTH, tools, new Progress())) {
      while (all.hasRemaining()) {
        int count = Math.min(window.piece(), all.remaining());
        all.put(window.require((long) start + all.position(), count));
      }
    }
    return all.flip();
  }

  @Test
  void deliversTheSameFromFastAndSlowSources() throws IOException {
    ByteBuffer expected = ByteBuffer.wrap(bytes, 10, LENGTH - 10);
    assertThat(readAll(new BytesInput(bytes), 10)).isEqualTo(expected);
    assertThat(readAll(new SlowInput(bytes), 10)).isEqualTo(expected);
  }

  @Test
  void takesWhatASlowSourceSendsInSmallPieces() throws IOException {
    SlowInput slow = new SlowInput(bytes);

    readAll(slow, 0);

    assertThat(slow.asked.getFirst()).isEqualTo(HostWindow.PIECE);
    assertThat(slow.asked.subList(1, slow.asked.size()))
        .hasSizeGreaterThan(8)
        .allMatch(count -> count <= HostWindow.PIECE_SLOW);
  }

  @Test
  void keepsWhatIsReadTwiceWhenPiecesBecomeSmaller() throws IOException {
    try (WorkerTools tools = new WorkerTools(Limits.DEFAULT);
        HostWindow window =
            new HostWindow(new SlowInput(bytes), 0, LENGTH, tools, new Progress())) {
      assertThat(window.require(0, 100)).isEqualTo(ByteBuffer.wrap(bytes, 0, 100));
      int overlapping = HostWindow.PIECE - 100_000;
      assertThat(window.require(overlapping, 150_000))
          .isEqualTo(ByteBuffer.wrap(bytes, overlapping, 150_000));
      assertThat(window.require(overlapping + 140_000, 90_000))
          .isEqualTo(ByteBuffer.wrap(bytes, overlapping + 140_000, 90_000));
    }
  }

  /** Sends 64 KiB in 20 ms: 3 MB/s. */
  private static final class SlowInput implements RandomAccessInput {

    private final BytesInput input;
    private final List<Integer> asked = new ArrayList<>();

    SlowInput(byte[] bytes) {
      this.input = new BytesInput(bytes);
    }

    @Override
    public String name() {
      return "slow";
    }

    @Override
    public long size() {
      return input.size();
    }

    @Override
    public void readFully(long offset, ByteBuffer dst) throws EOFException {
      asked.add(dst.remaining());
      LockSupport.parkNanos(20_000_000L * dst.remaining() / HostWindow.PIECE_SLOW);
      input.readFully(offset, dst);
    }

    @Override
    public void close() {
      input.close();
    }
  }
}
