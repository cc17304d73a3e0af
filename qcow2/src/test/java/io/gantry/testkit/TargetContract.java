package io.gantry.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.target.RangeSet;
import io.gantry.target.Target;
import io.gantry.target.TargetException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every target promises. A subclass says how to open one, and how to look at what it stores by
 * another way than its own.
 */
public abstract class TargetContract {

  /** No multiple of 4096, so that the disk ends inside a block. */
  private static final int DISK = (3 << 20) + 512;

  private static final int[] OFFSETS = {0, 1, 511, 512, 4095, 4096, 65_536, 65_537, 1 << 20};
  private static final int[] LENGTHS = {
    0, 1, 511, 512, 513, 4096, 4097, 8192, 65_536, 262_145, 1 << 20
  };

  private final List<Target> opened = new ArrayList<>();

  /** Opens a fresh target with room for at least 4 MiB. */
  protected abstract Target open() throws IOException;

  /** Returns the first {@code size} bytes of what is stored. */
  protected abstract byte[] stored(int size) throws IOException;

  /** Says whether what was written is gone, or was never to be removed, once abandoned. */
  protected abstract boolean isDiscarded() throws IOException;

  private Target prepared(int diskSize) throws IOException {
    Target target = open();
    opened.add(target);
    target.prepare(diskSize);
    return target;
  }

  @AfterEach
  void close() throws IOException {
    for (Target target : opened) {
      target.close();
    }
    cleanUp();
  }

  /** Takes down what the targets stood on; they are closed by then. */
  protected void cleanUp() throws IOException {}

  /** A target and what it must hold; starts with every byte written. */
  private final class Model {
    final byte[] bytes;
    final Target target;
    private final SplittableRandom random = new SplittableRandom(7);

    Model(int diskSize) throws IOException {
      bytes = new byte[diskSize];
      target = prepared(diskSize);
      for (int at = 0; at < diskSize; at += 1 << 20) {
        write(at, Math.min(1 << 20, diskSize - at), ByteBuffer::allocateDirect);
      }
    }

    void write(int offset, int length, java.util.function.IntFunction<ByteBuffer> buffers)
        throws IOException {
      byte[] data = new byte[length];
      random.nextBytes(data);
      System.arraycopy(data, 0, bytes, offset, length);
      ByteBuffer src = buffers.apply(length + 9);
      src.put(data).flip();
      target.write(offset, src);
      assertThat(src.hasRemaining()).isFalse();
      assertThat(src.limit()).isEqualTo(length);
    }

    void zero(int offset, int length) throws IOException {
      Arrays.fill(bytes, offset, offset + length, (byte) 0);
      target.zero(offset, length);
    }

    void assertSame() throws IOException {
      ByteBuffer read = ByteBuffer.allocate(bytes.length);
      target.readFully(0, read);
      assertThat(Arrays.mismatch(read.array(), bytes)).isEqualTo(-1);
      target.finish();
      read.clear();
      target.readFully(0, read);
      assertThat(Arrays.mismatch(read.array(), bytes)).isEqualTo(-1);
      target.close();
      assertThat(Arrays.mismatch(stored(bytes.length), bytes)).isEqualTo(-1);
    }
  }

  private static void forEachRange(RangeTest test) throws IOException {
    for (int offset : OFFSETS) {
      for (int length : LENGTHS) {
        test.accept(offset, length);
      }
    }
    test.accept(DISK - 1, 1);
    test.accept(DISK - 513, 513);
    test.accept(DISK - 70_001, 70_001);
  }

  @FunctionalInterface
  private interface RangeTest {
    void accept(int offset, int length) throws IOException;
  }

  @Test
  void writesDirectBuffersOfAnyLengthAtAnyOffset() throws IOException {
    Model model = new Model(DISK);
    forEachRange((offset, length) -> model.write(offset, length, ByteBuffer::allocateDirect));
    model.assertSame();
  }

  @Test
  void writesAlignedBuffersOfAnyLengthAtAnyOffset() throws IOException {
    Model model = new Model(DISK);
    forEachRange(
        (offset, length) ->
            model.write(
                offset, length, size -> ByteBuffer.allocateDirect(size + 8192).alignedSlice(4096)));
    model.assertSame();
  }

  @Test
  void writesHeapBuffersOfAnyLengthAtAnyOffset() throws IOException {
    Model model = new Model(DISK);
    forEachRange((offset, length) -> model.write(offset, length, ByteBuffer::allocate));
    model.assertSame();
  }

  @Test
  void writesReadOnlyBuffers() throws IOException {
    Target target = prepared(DISK);
    byte[] data = pattern(10_000, 3);
    target.write(100, ByteBuffer.wrap(data).asReadOnlyBuffer());
    target.write(50_000, ByteBuffer.allocateDirect(10_000).put(data).flip().asReadOnlyBuffer());
    assertThat(read(target, 100, 10_000)).isEqualTo(data);
    assertThat(read(target, 50_000, 10_000)).isEqualTo(data);
  }

  @Test
  void zeroesExactlyTheRange() throws IOException {
    Model model = new Model(DISK);
    forEachRange(
        (offset, length) -> {
          model.zero(offset, length);
          assertThat(Arrays.mismatch(read(model.target, 0, DISK), model.bytes))
              .as("zero %d bytes at %d", length, offset)
              .isEqualTo(-1);
          model.write(offset, length, ByteBuffer::allocateDirect);
        });
    model.assertSame();
  }

  @Test
  void keepsWritesAndZeroesApartInAnyOrder() throws IOException {
    Model model = new Model(DISK);
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 300; i++) {
      int offset = random.nextInt(DISK);
      int length = random.nextInt(Math.min(200_000, DISK - offset) + 1);
      if (random.nextBoolean()) {
        model.write(offset, length, ByteBuffer::allocateDirect);
      } else {
        model.zero(offset, length);
      }
    }
    model.assertSame();
  }

  @Test
  void readsBackIntoAnyBuffer() throws IOException {
    Target target = prepared(DISK);
    byte[] data = pattern(300_000, 5);
    target.write(12_345, ByteBuffer.wrap(data));
    for (int skip : new int[] {0, 1, 511, 3751, 4096}) {
      ByteBuffer dst = ByteBuffer.allocateDirect(200_003).position(3);
      target.readFully(12_345 + skip, dst);
      byte[] read = new byte[200_000];
      dst.position(3).get(read);
      assertThat(read).isEqualTo(Arrays.copyOfRange(data, skip, skip + 200_000));
    }
  }

  @Test
  void readsZeroWhereNothingWasWrittenWhenItStartsZeroed() throws IOException {
    Target target = prepared(DISK);
    target.write(5000, ByteBuffer.wrap(pattern(1000, 1)));
    if (!target.startsZeroed()) {
      target.zero(0, 5000);
      target.zero(6000, DISK - 6000);
    }
    assertAll(read(target, 0, DISK), 0, 5000, 0);
    assertAll(read(target, 0, DISK), 6000, DISK, 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 511, 512, 4095, 4096, 4097, 1 << 20})
  void holdsDisksOfAnySize(int diskSize) throws IOException {
    Model model = new Model(diskSize);
    model.assertSame();
    assertThat(model.target.durable().length()).isEqualTo(diskSize);
  }

  @Test
  void growsAsItIsWritten() throws IOException {
    Target target = prepared(0);
    byte[] expected = pattern(DISK, 2);
    int piece = 70_001;
    for (int at = 0; at < DISK; at += piece) {
      int length = Math.min(piece, DISK - at);
      target.grow(at + length);
      target.write(at, ByteBuffer.wrap(expected, at, length));
    }
    target.grow(DISK + 1024);
    target.grow(5);
    target.zero(DISK, 1024);
    target.finish();
    target.close();
    assertThat(target.durable().length()).isEqualTo(DISK + 1024);
    assertThat(stored(DISK + 1024)).isEqualTo(Arrays.copyOf(expected, DISK + 1024));
  }

  @Test
  void letsNeighboursShareABlock() throws Exception {
    Target target = prepared(DISK);
    int piece = 100;
    byte[] expected = pattern(piece * 4000, 9);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> writers = new ArrayList<>();
      for (int first = 0; first < 4; first++) {
        int start = first;
        writers.add(
            threads.submit(
                () -> {
                  for (int i = start; i < 4000; i += 4) {
                    target.write((long) i * piece, ByteBuffer.wrap(expected, i * piece, piece));
                  }
                  return null;
                }));
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
    }
    assertThat(read(target, 0, expected.length)).isEqualTo(expected);
  }

  @Test
  void refusesRangesOutsideTheDisk() throws IOException {
    Target target = prepared(DISK);
    assertThatThrownBy(() -> target.write(DISK - 3, ByteBuffer.allocate(4)))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> target.zero(-1, 4)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> target.zero(1, Long.MAX_VALUE))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> target.readFully(DISK, ByteBuffer.allocate(1)))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void saysWhatIsDurableAfterACheckpoint() throws IOException {
    Target target = prepared(DISK);
    target.write(0, ByteBuffer.allocate(10_000));
    target.zero(20_000, 5_000);
    assertThat(target.durable().count()).isZero();
    target.checkpoint();
    target.write(100_000, ByteBuffer.allocate(10));
    RangeSet durable = target.durable();
    assertThat(durable.contains(0, 10_000)).isTrue();
    assertThat(durable.contains(20_000, 25_000)).isTrue();
    assertThat(durable.length()).isEqualTo(15_000);
    target.finish();
    assertThat(target.durable().contains(0, DISK)).isTrue();
  }

  @Test
  void isFinishedOnlyAfterFinish() throws IOException {
    Target target = prepared(DISK);
    assertThat(target.isFinished()).isFalse();
    target.finish();
    assertThat(target.isFinished()).isTrue();
  }

  @Test
  void keepsWhatIsFinishedWhenAbandonedAfterwards() throws IOException {
    Model model = new Model(DISK);
    model.target.finish();
    model.target.abandon();
    model.target.close();
    model.target.close();
    assertThat(model.target.isFinished()).isTrue();
    assertThat(Arrays.mismatch(stored(DISK), model.bytes)).isEqualTo(-1);
  }

  @Test
  void neverFinishesWhatWasAbandoned() throws IOException {
    Target target = prepared(DISK);
    target.write(0, ByteBuffer.allocate(10));
    target.abandon();
    target.abandon();
    assertThatThrownBy(target::finish).isInstanceOf(TargetException.class);
    assertThatThrownBy(() -> target.write(0, ByteBuffer.allocate(10)))
        .isInstanceOf(TargetException.class);
    assertThat(target.isFinished()).isFalse();
    assertThat(isDiscarded()).isTrue();
  }

  @Test
  void isAbandonedByClosing() throws IOException {
    Target target = prepared(DISK);
    target.close();
    assertThat(isDiscarded()).isTrue();
    assertThatThrownBy(target::finish).isInstanceOf(TargetException.class);
  }

  @Test
  void canBeAbandonedBeforeItIsPrepared() throws IOException {
    Target target = open();
    target.abandon();
    assertThatThrownBy(() -> target.prepare(512)).isInstanceOf(Exception.class);
    target.close();
    assertThat(isDiscarded()).isTrue();
  }

  @Test
  void canBeAbandonedWhileWritersRun() throws Exception {
    for (int round = 0; round < 10; round++) {
      Target target = prepared(DISK);
      try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
        List<Future<?>> writers =
            List.of(
                threads.submit(() -> writeForever(target, 0)),
                threads.submit(() -> writeForever(target, 1 << 20)));
        Thread.sleep(Duration.ofMillis(round * 2L));
        assertThatCode(target::abandon).doesNotThrowAnyException();
        for (Future<?> writer : writers) {
          assertThatThrownBy(writer::get)
              .isInstanceOf(ExecutionException.class)
              .hasCauseInstanceOf(TargetException.class)
              .hasMessageContaining("given up");
        }
      }
      target.close();
      assertThat(isDiscarded()).isTrue();
    }
  }

  private static Void writeForever(Target target, int offset) throws IOException {
    ByteBuffer data = ByteBuffer.allocateDirect(65_536);
    while (true) {
      target.write(offset, data.clear());
      target.zero(offset + 65_536, 65_536);
    }
  }

  @Test
  void endsOnceWhenFinishedAndAbandonedTogether() throws Exception {
    for (int round = 0; round < 10; round++) {
      Target target = prepared(DISK);
      target.write(0, ByteBuffer.allocate(100_000));
      try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
        Future<Boolean> finishing =
            threads.submit(
                () -> {
                  try {
                    target.finish();
                    return true;
                  } catch (TargetException e) {
                    return false;
                  }
                });
        Future<?> abandoning =
            threads.submit(
                () -> {
                  target.abandon();
                  return null;
                });
        abandoning.get();
        assertThat(finishing.get()).isEqualTo(target.isFinished());
      }
      target.close();
    }
  }

  private static byte[] read(Target target, long offset, int length) throws IOException {
    ByteBuffer read = ByteBuffer.allocate(length);
    target.readFully(offset, read);
    return read.array();
  }

  /** Every byte of {@code [from, to)} is {@code value}; AssertJ's own way boxes each of them. */
  public static void assertAll(byte[] bytes, int from, int to, int value) {
    byte[] expected = new byte[to - from];
    Arrays.fill(expected, (byte) value);
    int mismatch = Arrays.mismatch(bytes, from, to, expected, 0, expected.length);
    assertThat(mismatch).as("first byte in [%d, %d) that is not %d", from, to, value).isEqualTo(-1);
  }

  /** Bytes that depend on their place, none of them zero. */
  protected static byte[] pattern(int length, int seed) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (1 + (i * 31L + i / 251 + seed) % 255);
    }
    return bytes;
  }
}
