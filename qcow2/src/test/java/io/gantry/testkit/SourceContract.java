package io.gantry.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gantry.io.RandomAccessInput;
import io.gantry.io.RangeReader;
import io.gantry.source.Source;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every {@link Source} promises. A subclass says how to make one, and no more. */
public abstract class SourceContract {

  /** Longer than the pieces that sources keep or fetch at once, and no multiple of anything. */
  private static final int LENGTH = 3_000_017;

  private static final byte[] CONTENT = bytes(LENGTH);

  /** Makes a source of these bytes; what it needs besides is closed with the test. */
  protected abstract Source sourceOf(byte[] content) throws Exception;

  @Test
  void deliversEveryByteInOrder() throws Exception {
    try (Source source = sourceOf(CONTENT);
        ReadableByteChannel channel = source.open()) {
      assertThat(readAll(channel, ByteBuffer.allocate(70_001))).isEqualTo(CONTENT);
    }
  }

  @Test
  void deliversEveryByteIntoDirectBuffers() throws Exception {
    try (Source source = sourceOf(CONTENT);
        ReadableByteChannel channel = source.open()) {
      assertThat(readAll(channel, ByteBuffer.allocateDirect(1 << 20))).isEqualTo(CONTENT);
    }
  }

  @Test
  void deliversNothingOfNothing() throws Exception {
    try (Source source = sourceOf(new byte[0]);
        ReadableByteChannel channel = source.open()) {
      assertThat(channel.read(ByteBuffer.allocate(10))).isEqualTo(-1);
    }
  }

  @Test
  void deliversASingleByte() throws Exception {
    try (Source source = sourceOf(new byte[] {42});
        ReadableByteChannel channel = source.open()) {
      assertThat(readAll(channel, ByteBuffer.allocate(10))).containsExactly(42);
    }
  }

  @Test
  void repeatsItsEnd() throws Exception {
    try (Source source = sourceOf(CONTENT);
        ReadableByteChannel channel = source.open()) {
      readAll(channel, ByteBuffer.allocate(1 << 20));
      assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
      assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }
  }

  @Test
  void readsIntoThePartOfABufferThatIsFree() throws Exception {
    try (Source source = sourceOf(CONTENT);
        ReadableByteChannel channel = source.open()) {
      ByteBuffer slice = ByteBuffer.allocate(100).position(10).limit(60).slice();
      slice.position(5).limit(25);
      while (slice.hasRemaining()) {
        channel.read(slice);
      }
      assertThat(slice.flip().position(5)).isEqualTo(ByteBuffer.wrap(CONTENT, 0, 20));
    }
  }

  @Test
  void tellsTheTrueLengthOrNone() throws Exception {
    try (Source source = sourceOf(CONTENT)) {
      assertThat(source.length().orElse(LENGTH)).isEqualTo(LENGTH);
    }
  }

  @Test
  void canBeClosedTwiceAndUnread() throws Exception {
    Source source = sourceOf(CONTENT);
    source.open();
    source.close();
    source.close();
  }

  @Test
  void opensAgainWhenItHasRanges() throws Exception {
    try (Source source = sourceOf(CONTENT)) {
      ranges(source);
      for (int i = 0; i < 2; i++) {
        try (ReadableByteChannel channel = source.open()) {
          assertThat(readAll(channel, ByteBuffer.allocate(1 << 20))).isEqualTo(CONTENT);
        }
      }
    }
  }

  @Test
  void readsAnyRange() throws Exception {
    try (Source source = sourceOf(CONTENT);
        RandomAccessInput input = ranges(source)) {
      assertThat(input.size()).isEqualTo(LENGTH);
      SplittableRandom random = new SplittableRandom(1);
      for (int i = 0; i < 30; i++) {
        int start = random.nextInt(LENGTH);
        int length = random.nextInt(Math.min(200_000, LENGTH - start) + 1);
        ByteBuffer dst = i % 2 == 0 ? ByteBuffer.allocate(length) : direct(length);
        input.readFully(start, dst);
        assertThat(dst.flip()).isEqualTo(ByteBuffer.wrap(CONTENT, start, length));
      }
    }
  }

  @Test
  void refusesToReadPastTheEndAndSaysBothNumbers() throws Exception {
    try (Source source = sourceOf(CONTENT);
        RandomAccessInput input = ranges(source)) {
      assertThatThrownBy(() -> input.readFully(LENGTH - 5, ByteBuffer.allocate(6)))
          .isInstanceOf(EOFException.class)
          .hasMessageContaining(input.name())
          .hasMessageContaining(Integer.toString(LENGTH));
      input.readFully(LENGTH, ByteBuffer.allocate(0));
    }
  }

  @Test
  void readsARangeInOrderAndPassesOverParts() throws Exception {
    try (Source source = sourceOf(CONTENT);
        RandomAccessInput input = ranges(source);
        RangeReader range = input.openRange(1_000, LENGTH - 3)) {
      int at = 1_000;
      for (int skipped : new int[] {0, 7, 600_000, 0, 1_500_000}) {
        range.skip(skipped);
        ByteBuffer dst = ByteBuffer.allocate(100_000);
        range.readFully(dst);
        at += skipped;
        assertThat(dst.flip()).isEqualTo(ByteBuffer.wrap(CONTENT, at, 100_000));
        at += 100_000;
      }
    }
  }

  @Test
  void endsARangeWhereItWasSaidToEnd() throws Exception {
    try (Source source = sourceOf(CONTENT);
        RandomAccessInput input = ranges(source);
        RangeReader range = input.openRange(1_000_000, 1_000_100)) {
      range.readFully(ByteBuffer.allocate(90));
      assertThatThrownBy(() -> range.readFully(ByteBuffer.allocate(11)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> range.skip(11)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void readsRangesFromManyThreads() throws Exception {
    try (Source source = sourceOf(CONTENT);
        RandomAccessInput input = ranges(source);
        ExecutorService threads = Executors.newFixedThreadPool(6)) {
      List<Callable<ByteBuffer>> pieces = new ArrayList<>();
      int piece = LENGTH / 12;
      for (int i = 0; i < 12; i++) {
        int start = i * piece;
        pieces.add(() -> readRange(input, start, piece));
      }
      List<Future<ByteBuffer>> read = threads.invokeAll(pieces);
      for (int i = 0; i < read.size(); i++) {
        assertThat(read.get(i).get()).isEqualTo(ByteBuffer.wrap(CONTENT, i * piece, piece));
      }
    }
  }

  /** Returns the bytes that {@link #sourceOf} is asked for, of any length. */
  public static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(length).nextBytes(bytes);
    return bytes;
  }

  /** Reads a channel to its end, a buffer at a time. */
  public static byte[] readAll(ReadableByteChannel channel, ByteBuffer buffer) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] piece = new byte[buffer.capacity()];
    while (channel.read(buffer.clear()) >= 0) {
      int length = buffer.flip().remaining();
      buffer.get(piece, 0, length);
      all.write(piece, 0, length);
    }
    return all.toByteArray();
  }

  private static ByteBuffer readRange(RandomAccessInput input, int start, int length)
      throws IOException {
    ByteBuffer dst = ByteBuffer.allocate(length);
    try (RangeReader range = input.openRange(start, start + (long) length)) {
      range.readFully(dst);
    }
    return dst.flip();
  }

  /** Returns a buffer without an array that does not begin at its own beginning. */
  private static ByteBuffer direct(int length) {
    return ByteBuffer.allocateDirect(length + 3).position(3).slice();
  }

  private static RandomAccessInput ranges(Source source) throws IOException {
    var ranges = source.ranges();
    assumeTrue(ranges.isPresent(), "this source is a stream");
    return ranges.get();
  }
}
