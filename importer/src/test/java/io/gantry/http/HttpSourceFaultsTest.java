package io.gantry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.io.RandomAccessInput;
import io.gantry.source.Source;
import io.gantry.source.SourceException;
import io.gantry.testkit.FaultyLink;
import io.gantry.testkit.Nginx;
import io.gantry.testkit.SourceContract;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that is well behind a network that is not. */
@Timeout(60)
final class HttpSourceFaultsTest {

  private static final byte[] CONTENT = SourceContract.bytes(20_000_003);

  @TempDir Path folder;
  private Path root;
  private Nginx nginx;
  private FaultyLink link;

  @BeforeEach
  void start() throws IOException {
    root = Files.createDirectories(folder.resolve("root"));
    Files.write(root.resolve("image"), CONTENT);
  }

  @AfterEach
  void stop() throws IOException {
    link.close();
    nginx.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void deliversEveryByteOverConnectionsCutEveryFewMegabytes(boolean abruptly) throws Exception {
    serve();
    link.cutEvery(3_000_000, abruptly);
    try (Source source = connect(TestOptions.attempts(2))) {
      assertThat(readAll(source)).isEqualTo(CONTENT);
    }
    assertThat(link.connections()).isBetween(7, 12);
  }

  @Test
  void deliversEveryByteWhenTheFirstAnswerIsCut() throws Exception {
    serve();
    link.cutEvery(200_000, true);
    try (Source source = connect(TestOptions.attempts(2))) {
      assertThat(readAll(source)).isEqualTo(CONTENT);
    }
  }

  @Test
  void readsRangesOverConnectionsThatAreCut() throws Exception {
    serve();
    link.cutEvery(1_500_000, true);
    try (Source source = connect(TestOptions.attempts(2));
        RandomAccessInput input = source.ranges().orElseThrow();
        var range = input.openRange(100, CONTENT.length)) {
      ByteBuffer dst = ByteBuffer.allocate(CONTENT.length - 100);
      range.readFully(dst);
      assertThat(dst.flip()).isEqualTo(ByteBuffer.wrap(CONTENT, 100, CONTENT.length - 100));
    }
  }

  @Test
  void givesUpOnAServerThatBringsNothing() throws Exception {
    serve();
    try (Source source = connect(TestOptions.attempts(3))) {
      link.cutEvery(300, false);
      assertThatThrownBy(() -> readAll(source))
          .isInstanceOfSatisfying(SourceException.class, e -> assertThat(e.retryable()).isTrue())
          .hasMessageContaining("tried 3 times");
    }
  }

  @Test
  void neverTakesAShortBodyForTheEndWithoutRanges() throws Exception {
    serve("max_ranges 0;");
    link.cutEvery(9_000_000, false);
    try (Source source = connect(TestOptions.attempts(3))) {
      assertThat(source.ranges()).isEmpty();
      assertThatThrownBy(() -> readAll(source))
          .isInstanceOfSatisfying(SourceException.class, e -> assertThat(e.retryable()).isTrue())
          .hasMessageContaining("cannot be resumed");
    }
  }

  @Test
  void goesOnAfterSilence() throws Exception {
    serve();
    link.stall(5_000_000, 2);
    try (Source source = connect(TestOptions.attempts(3).stallTimeout(Duration.ofMillis(300)))) {
      assertThat(readAll(source)).isEqualTo(CONTENT);
    }
    assertThat(link.connections()).isEqualTo(3);
  }

  @Test
  void endsWithAnErrorWhenSilenceLasts() throws Exception {
    serve();
    try (Source source = connect(TestOptions.attempts(2).stallTimeout(Duration.ofMillis(200)))) {
      link.stall(300, 100);
      assertThatThrownBy(() -> readAll(source))
          .isInstanceOfSatisfying(SourceException.class, e -> assertThat(e.retryable()).isTrue())
          .hasMessageContaining("is silent");
    }
  }

  @Test
  void leavesASilentConnectionLongBeforeItGivesUp() throws Exception {
    serve();
    HttpSourceOptions patient =
        TestOptions.attempts(2)
            .stallTimeout(Duration.ofMinutes(10))
            .reconnectAfter(Duration.ofMillis(300))
            .build();
    try (Source source = HttpSource.connect(url("image"), patient)) {
      // More often than attempts may fail in a row: silence is counted in time.
      link.stall(0, 6);
      assertThat(readAll(source)).isEqualTo(CONTENT);
    }
    assertThat(link.connections()).isEqualTo(7);
  }

  @Test
  void countsSilenceOverAllConnections() throws Exception {
    serve();
    HttpSourceOptions patient =
        TestOptions.attempts(2)
            .stallTimeout(Duration.ofSeconds(2))
            .reconnectAfter(Duration.ofMillis(500))
            .build();
    try (Source source = HttpSource.connect(url("image"), patient)) {
      link.stall(0, 1000);
      assertThatThrownBy(() -> readAll(source)).hasMessageContaining("is silent");
    }
    assertThat(link.connections()).isBetween(4, 5);
  }

  @Test
  void waitsForAStreamThatCannotBeTakenUpAgain() throws Exception {
    serve("max_ranges 0;");
    HttpSourceOptions patient =
        TestOptions.attempts(2)
            .stallTimeout(Duration.ofSeconds(30))
            .reconnectAfter(Duration.ofMillis(100))
            .build();
    link.delay(Duration.ofSeconds(1)).stall(5_000_000, 1, Duration.ofSeconds(1));
    try (Source source = HttpSource.connect(url("image"), patient)) {
      assertThat(readAll(source)).isEqualTo(CONTENT);
    }
    assertThat(link.connections()).isEqualTo(1);
  }

  @Test
  void closingBreaksOffAReadThatHangs() throws Exception {
    serve();
    link.stall(2_000_000, 100);
    Source source = connect(TestOptions.attempts(4));
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Future<byte[]> read = threads.submit(() -> readAll(source));
      while (link.bytes() < 2_000_000) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
      long start = System.nanoTime();
      source.close();
      assertThatThrownBy(read::get)
          .hasCauseInstanceOf(SourceException.class)
          .hasMessageContaining("closed while");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    }
  }

  @Test
  void closingTheRangesBreaksOffAReadThatHangs() throws Exception {
    serve();
    link.stall(2_000_000, 100);
    try (Source source = connect(TestOptions.attempts(4));
        ExecutorService threads = Executors.newSingleThreadExecutor()) {
      RandomAccessInput input = source.ranges().orElseThrow();
      Future<?> read = threads.submit(() -> readFully(input, 1_000_000, 10_000_000));
      while (link.bytes() < 2_000_000) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
      long start = System.nanoTime();
      input.close();
      assertThatThrownBy(read::get)
          .hasCauseInstanceOf(SourceException.class)
          .hasMessageContaining("closed while");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
      assertThatThrownBy(() -> readFully(input, 1_000_000, 10)).isInstanceOf(SourceException.class);
    }
  }

  private static Void readFully(RandomAccessInput input, long offset, int length)
      throws IOException {
    input.readFully(offset, ByteBuffer.allocate(length));
    return null;
  }

  @Test
  void closingAStreamBreaksOffAReadThatHangs() throws Exception {
    serve();
    link.stall(2_000_000, 100);
    try (Source source = connect(TestOptions.attempts(4));
        ExecutorService threads = Executors.newSingleThreadExecutor()) {
      ReadableByteChannel channel = source.open();
      Future<byte[]> read =
          threads.submit(() -> SourceContract.readAll(channel, ByteBuffer.allocate(1 << 20)));
      while (link.bytes() < 2_000_000) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
      channel.close();
      assertThatThrownBy(read::get)
          .cause()
          .isInstanceOfAny(SourceException.class, ClosedChannelException.class);
    }
  }

  @Test
  void refusesAFileThatChangedBetweenTwoAnswers() throws Exception {
    serve();
    link.cutEvery(3_000_000, true);
    try (Source source = connect(TestOptions.attempts(3))) {
      byte[] other = SourceContract.bytes(CONTENT.length + 1);
      Files.write(root.resolve("image"), Arrays.copyOf(other, CONTENT.length));
      Files.setLastModifiedTime(root.resolve("image"), FileTime.fromMillis(1_000_000));
      assertThatThrownBy(() -> readAll(source))
          .isInstanceOfSatisfying(SourceException.class, e -> assertThat(e.retryable()).isTrue())
          .hasMessageContaining("changed while it was being read");
    }
  }

  @Test
  void readsAGigabyteInTensOfRequestsHoweverLateTheAnswers() throws Exception {
    long size = 1L << 30;
    try (var file = new RandomAccessFile(root.resolve("large").toFile(), "rw")) {
      file.setLength(size);
      file.seek(size - CONTENT.length);
      file.write(CONTENT);
    }
    nginx = Nginx.serve(root);
    link = FaultyLink.to(nginx.port()).delay(Duration.ofMillis(100));
    try (Source source = HttpSource.connect(url("large"), TestOptions.DEFAULTS);
        RandomAccessInput input = source.ranges().orElseThrow()) {
      long piece = input.cost().requestMax();
      ByteBuffer buffer = ByteBuffer.allocate(256 << 10);
      for (long start = 0; start < size; start += piece) {
        try (var range = input.openRange(start, Math.min(size, start + piece))) {
          for (long left = Math.min(size, start + piece) - start; left > 0; ) {
            buffer.clear().limit((int) Math.min(left, buffer.capacity()));
            range.readFully(buffer);
            left -= buffer.position();
          }
        }
      }
    }
    assertThat(link.requests()).isLessThanOrEqualTo(40);
    assertThat(link.connections()).isEqualTo(1);
  }

  @Test
  void readsTablesThatLieSideBySideInFewRequests() throws Exception {
    serve();
    try (Source source = connect(TestOptions.attempts(2));
        RandomAccessInput input = source.ranges().orElseThrow()) {
      int before = link.requests();
      for (int at = 1_000_000; at < 5_000_000; at += 100_000) {
        ByteBuffer table = ByteBuffer.allocate(65_536);
        input.readFully(at, table);
        assertThat(table.flip()).isEqualTo(ByteBuffer.wrap(CONTENT, at, 65_536));
      }
      assertThat(link.requests() - before).isLessThanOrEqualTo(6);
    }
  }

  @Test
  void readsATableThatIsAloneWithoutItsNeighbourhood() throws Exception {
    serve();
    try (Source source = connect(TestOptions.attempts(2));
        RandomAccessInput input = source.ranges().orElseThrow()) {
      long before = link.bytes();
      input.readFully(6_000_000, ByteBuffer.allocate(65_536));
      input.readFully(12_000_000, ByteBuffer.allocate(65_536));
      input.readFully(3_000_000, ByteBuffer.allocate(65_536));
      assertThat(link.bytes() - before).isLessThan(250_000);
    }
  }

  private void serve(String... directives) throws IOException {
    nginx = Nginx.serve(root, directives);
    link = FaultyLink.to(nginx.port());
  }

  private Source connect(TestOptions options) throws IOException {
    return HttpSource.connect(url("image"), options.build());
  }

  private URI url(String file) {
    return URI.create("http://127.0.0.1:" + link.port() + "/" + file);
  }

  private static byte[] readAll(Source source) throws IOException {
    try (ReadableByteChannel channel = source.open()) {
      return SourceContract.readAll(channel, ByteBuffer.allocate(256 << 10));
    }
  }
}
