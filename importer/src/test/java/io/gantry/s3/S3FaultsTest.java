package io.gantry.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.io.RandomAccessInput;
import io.gantry.io.RangeReader;
import io.gantry.source.Source;
import io.gantry.source.SourceException;
import io.gantry.testkit.FaultyLink;
import io.gantry.testkit.SourceContract;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that is well behind a network that is not, and one whose objects are replaced. */
@Timeout(60)
final class S3FaultsTest {

  private static final byte[] CONTENT = SourceContract.bytes(9_000_001);

  private Store store;
  private FaultyLink link;

  @BeforeEach
  void start() throws Exception {
    store = Store.start().put("image", CONTENT);
    link = FaultyLink.to(store.port());
  }

  @AfterEach
  void stop() throws Exception {
    link.close();
    store.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void deliversEveryByteOverConnectionsThatAreCut(boolean abruptly) throws Exception {
    link.cutEvery(2_000_000, abruptly);
    try (Source source = reading().attempts(2).connect()) {
      assertThat(readAll(source)).isEqualTo(CONTENT);
    }
    assertThat(link.connections()).isBetween(4, 20);
  }

  @Test
  void goesOnAfterSilence() throws Exception {
    link.stall(3_000_000, 2);
    try (Source source = reading().stallTimeout(Duration.ofMillis(300)).connect()) {
      assertThat(readAll(source)).isEqualTo(CONTENT);
    }
  }

  @Test
  void endsWithAnErrorWhenSilenceLasts() throws Exception {
    try (Source source = reading().attempts(2).stallTimeout(Duration.ofMillis(200)).connect()) {
      link.stall(0, 100);
      assertThatThrownBy(() -> readAll(source))
          .isInstanceOfSatisfying(SourceException.class, e -> assertThat(e.retryable()).isTrue())
          .hasMessageStartingWith("s3://images/image: ")
          .hasMessageContaining("is silent");
    }
  }

  @Test
  void neverMixesAnObjectWithTheOneThatReplacesIt() throws Exception {
    try (Source source = reading().connect();
        RandomAccessInput input = source.ranges().orElseThrow();
        RangeReader range = input.openRange(2_000_000, 4_000_000)) {
      ByteBuffer before = ByteBuffer.allocate(1000);
      range.readFully(before);
      assertThat(before.flip()).isEqualTo(ByteBuffer.wrap(CONTENT, 2_000_000, 1000));
      byte[] other = SourceContract.bytes(CONTENT.length + 1);
      store.put("image", java.util.Arrays.copyOf(other, CONTENT.length));
      int asked = link.requests();
      assertThatThrownBy(() -> input.readFully(5_000_000, ByteBuffer.allocate(1 << 20)))
          .isInstanceOfSatisfying(SourceException.class, e -> assertThat(e.retryable()).isTrue())
          .hasMessageContaining("changed while it was being read");
      assertThat(link.requests() - asked).as("412 is final").isEqualTo(1);
    }
  }

  @Test
  void neverResumesAStreamWithAnotherObject() throws Exception {
    link.cutEvery(3_000_000, true);
    try (Source source = reading().connect();
        ReadableByteChannel channel = source.open()) {
      channel.read(ByteBuffer.allocate(1 << 20));
      byte[] other = SourceContract.bytes(CONTENT.length + 1);
      store.put("image", java.util.Arrays.copyOf(other, CONTENT.length));
      assertThatThrownBy(() -> SourceContract.readAll(channel, ByteBuffer.allocate(1 << 16)))
          .isInstanceOf(SourceException.class)
          .hasMessageContaining("changed while it was being read");
    }
  }

  @Test
  void closingBreaksOffAReadThatHangs() throws Exception {
    Source source = reading().connect();
    link.stall(0, 100);
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Future<byte[]> read = threads.submit(() -> readAll(source));
      Thread.sleep(300);
      source.close();
      assertThatThrownBy(() -> read.get(5, TimeUnit.SECONDS)).hasMessageContaining("closed");
    }
  }

  private Store.Reading reading() {
    return Store.reading("http://127.0.0.1:%d/%s/image".formatted(link.port(), Store.BUCKET));
  }

  private static byte[] readAll(Source source) throws IOException {
    try (ReadableByteChannel channel = source.open()) {
      return SourceContract.readAll(channel, ByteBuffer.allocate(1 << 16));
    }
  }
}
