package io.gantry.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.codec.CountingChannel;
import io.gantry.codec.ReadAhead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LastingStreamTest {

  private final AtomicLong seen = new AtomicLong();
  private Pipe pipe;
  private LastingStream stream;

  @BeforeEach
  void open() throws IOException {
    pipe = Pipe.open();
    stream =
        new LastingStream(
            new ReadAhead(new CountingChannel(pipe.source(), seen::addAndGet), "pipe"));
  }

  @AfterEach
  void close() throws IOException {
    stream.letGo();
    pipe.sink().close();
  }

  private void send(int count) throws IOException {
    pipe.sink().write(ByteBuffer.wrap(new byte[count]));
  }

  /** Reads in a thread of its own, which is interrupted while it waits if that is asked for. */
  private FutureTask<Integer> readInAnotherThread(boolean interrupted) throws InterruptedException {
    FutureTask<Integer> reading = new FutureTask<>(() -> stream.read(ByteBuffer.allocate(100)));
    Thread thread = Thread.ofPlatform().daemon().start(reading);
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.sleep(1);
    }
    if (interrupted) {
      thread.interrupt();
    }
    return reading;
  }

  @Test
  void deliversWhatIsThereAndTheEnd() throws IOException {
    send(10);
    assertThat(stream.read(ByteBuffer.allocate(100))).isEqualTo(10);
    pipe.sink().close();
    assertThat(stream.read(ByteBuffer.allocate(100))).isEqualTo(-1);
  }

  @Test
  void closingSendsAwayAReaderThatWaitsForTheSource() throws Exception {
    FutureTask<Integer> reading = readInAnotherThread(false);

    stream.close();

    assertThatThrownBy(() -> reading.get(10, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(ClosedChannelException.class);
  }

  @Test
  void theRestIsReadAfterAReaderHasBeenInterrupted() throws Exception {
    FutureTask<Integer> reading = readInAnotherThread(true);
    assertThatThrownBy(() -> reading.get(10, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class);
    stream.close();
    send(1000);
    pipe.sink().close();

    stream.drain();

    assertThat(seen).hasValue(1000);
    assertThat(pipe.source().isOpen()).isTrue();
  }

  @Test
  void lettingGoClosesTheSource() {
    stream.letGo();

    assertThat(pipe.source().isOpen()).isFalse();
  }
}
