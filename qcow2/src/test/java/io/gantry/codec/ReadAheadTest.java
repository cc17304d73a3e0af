package io.gantry.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class ReadAheadTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4095, 4096, 4097, 100_000})
  void deliversEveryByteInOrder(int size) throws IOException {
    byte[] data = TestData.diskLike(size, size);
    try (ReadAhead ahead = new ReadAhead(TestData.dribbling(data, 1), "data", 3, 4096)) {
      assertThat(TestData.readAll(ahead)).isEqualTo(data);
      assertThat(ahead.read(ByteBuffer.allocate(10))).isEqualTo(-1);
    }
  }

  @Test
  void lendsItsBuffersWithoutCopying() throws IOException {
    byte[] data = TestData.diskLike(50_000, 2);
    ByteBuffer collected = ByteBuffer.allocate(data.length);
    try (ReadAhead ahead = new ReadAhead(TestData.channel(data), "data", 2, 4096)) {
      for (ByteBuffer lent = ahead.next(); lent != null; lent = ahead.next()) {
        assertThat(lent.isDirect()).isTrue();
        collected.put(lent);
      }
    }
    assertThat(collected.array()).isEqualTo(data);
  }

  @Test
  void throwsTheFailureBehindTheBytesReadBeforeIt() throws IOException {
    IOException failure = new IOException("connection reset");
    byte[] data = TestData.diskLike(10_000, 3);
    ReadableByteChannel in = new FailingChannel(TestData.channel(data), 9_001, failure);
    try (ReadAhead ahead = new ReadAhead(in, "data", 4, 4096)) {
      ByteBuffer dst = ByteBuffer.allocate(9_001);
      while (dst.hasRemaining()) {
        ahead.read(dst);
      }
      assertThatThrownBy(() -> ahead.read(ByteBuffer.allocate(1))).isSameAs(failure);
      assertThatThrownBy(() -> ahead.read(ByteBuffer.allocate(1))).isSameAs(failure);
    }
  }

  @Test
  void handsOnPartOfABufferWhileTheUpstreamIsSlow() throws IOException {
    Pipe pipe = Pipe.open();
    try (ReadAhead ahead = new ReadAhead(pipe.source(), "pipe");
        Pipe.SinkChannel sink = pipe.sink()) {
      sink.write(ByteBuffer.wrap(new byte[100]));
      assertThat(ahead.read(ByteBuffer.allocate(1000))).isEqualTo(100);
    }
  }

  @Test
  void waitsNoLongerThanItIsTold() throws IOException {
    Pipe pipe = Pipe.open();
    try (ReadAhead ahead = new ReadAhead(pipe.source(), "pipe", 1, 4096)) {
      assertThat(ahead.await(1)).isFalse();
      pipe.sink().write(ByteBuffer.wrap(new byte[100]));
      assertThat(ahead.await(10_000)).isTrue();
      assertThat(ahead.read(ByteBuffer.allocate(1000))).isEqualTo(100);
      assertThat(ahead.await(1)).isFalse();
      pipe.sink().close();
      assertThat(ahead.await(10_000)).isTrue();
      assertThat(ahead.read(ByteBuffer.allocate(1000))).isEqualTo(-1);
      assertThat(ahead.await(0)).isTrue();
    }
  }

  @Test
  void closingStopsTheThreadInTheMiddleOfARead() throws Exception {
    Pipe pipe = Pipe.open();
    ReadAhead ahead = new ReadAhead(pipe.source(), "blocked pipe");
    Thread thread = threadNamed("read-ahead blocked pipe");
    ahead.close();
    assertThat(thread.join(Duration.ofSeconds(5))).isTrue();
    assertThat(pipe.source().isOpen()).isFalse();
    assertThatThrownBy(() -> ahead.read(ByteBuffer.allocate(1)))
        .isInstanceOf(ClosedChannelException.class);
    pipe.sink().close();
  }

  @Test
  void closingStopsTheThreadWhenAllBuffersAreFull() throws Exception {
    ReadableByteChannel in = TestData.channel(new byte[1 << 20]);
    ReadAhead ahead = new ReadAhead(in, "unread", 2, 4096);
    Thread thread = threadNamed("read-ahead unread");
    ahead.close();
    assertThat(thread.join(Duration.ofSeconds(5))).isTrue();
  }

  private static Thread threadNamed(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .findAny()
        .orElseThrow();
  }
}
