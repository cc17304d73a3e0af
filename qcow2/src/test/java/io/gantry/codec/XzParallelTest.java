package io.gantry.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.image.ImageException;
import io.gantry.image.Limits;
import io.gantry.image.MalformedImageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Multi-block xz in order and scattered; how the format is read is {@link XzChannelTest}'s. */
@Timeout(120)
class XzParallelTest {

  private static final byte[] DISK = TestData.diskLike(2_500_001, 1);
  private static final byte[] PADDING = new byte[4];

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-T1",
        "-T2",
        "-T2 -1 --block-size=1000000",
        "-T2 -1 --block-size=7777 -C sha256",
        "-T1 -1 --block-size=500000",
        "-T2 --block-list=1,4096,2000000,70000"
      })
  void deliversTheSameBytesInOrderAndScattered(String options) throws Exception {
    byte[] stream = Tool.XZ.run(DISK, (options + " -c").split(" ", -1));
    for (int threads : new int[] {1, 2, 3}) {
      assertThat(read(stream, threads)).isEqualTo(DISK);
      assertThat(scatter(stream, threads)).isEqualTo(DISK);
    }
    assertNoThreads();
  }

  @Test
  void mixesBlocksWithAndWithoutSizes() throws Exception {
    byte[] sized = Tool.XZ.run(DISK, "-c", "-1", "-T2", "--block-size=150000");
    byte[] unsized = Tool.XZ.run(DISK, "-c", "-1", "-T1", "--block-size=700000");
    byte[] empty = Tool.XZ.run(new byte[0], "-c");
    byte[] all = Tool.concat(empty, unsized, PADDING, sized, empty, unsized, sized, PADDING);
    byte[] content = Tool.concat(DISK, DISK, DISK, DISK);
    assertThat(read(all, 2)).isEqualTo(content);
    assertThat(scatter(all, 2)).isEqualTo(content);
    assertNoThreads();
  }

  /** Such blocks are not decoded each: their like was. */
  @Test
  void deliversAMostlyEmptyDisk() throws Exception {
    byte[] disk = mostlyEmpty();
    byte[] blocks = Tool.XZ.run(disk, "-c", "-T2", "--block-size=1048576");
    byte[] unsized = Tool.XZ.run(disk, "-c", "-T1", "--block-size=1048576");
    byte[] checked = Tool.XZ.run(disk, "-c", "-T2", "--block-size=1048576", "-C", "sha256");
    for (byte[] stream : List.of(blocks, unsized, Tool.concat(checked, blocks))) {
      byte[] content = stream.length < 2 * blocks.length ? disk : Tool.concat(disk, disk);
      for (int threads : new int[] {1, 2}) {
        assertThat(Arrays.equals(read(stream, threads), content)).isTrue();
        assertThat(Arrays.equals(scatter(stream, threads), content)).isTrue();
      }
    }
  }

  /** The first of them is decoded; what follows at its heels may be, too. */
  @ParameterizedTest
  @ValueSource(strings = {"none", "crc32", "crc64", "sha256"})
  void scattersEmptyBlocksAsZerosWithoutProducingThem(String check) throws Exception {
    byte[] disk = mostlyEmpty();
    byte[] stream = Tool.XZ.run(disk, "-c", "-T2", "--block-size=1048576", "-C", check);
    CollectingSink all = new CollectingSink(disk.length);
    List<Long> zeros = new ArrayList<>();
    PositionedSink sink =
        new PositionedSink() {
          @Override
          public void accept(long offset, ByteBuffer data) throws IOException {
            all.accept(offset, data);
          }

          @Override
          public void acceptZeros(long offset, long length) throws IOException {
            all.acceptZeros(offset, length);
            zeros.add(offset);
            zeros.add(length);
          }
        };
    try (ScatterChannel channel = open(TestData.channel(stream), 1)) {
      assertThat(Arrays.equals(all.content(channel.scatter(sink)), disk)).isTrue();
    }
    assertThat(zeros).containsExactly(3L << 20, 1L << 20, 4L << 20, 1L << 20);
  }

  @Test
  void refusesAnEmptyBlockThatIsNotLikeTheOthers() throws Exception {
    byte[] valid = Tool.XZ.run(mostlyEmpty(), "-c", "-T2", "--block-size=1048576");
    for (int at = valid.length / 2; at < valid.length; at += 13) {
      byte[] bent = valid.clone();
      bent[at] ^= 1;
      assertThatThrownBy(() -> read(bent, 2)).isInstanceOf(MalformedImageException.class);
      assertThatThrownBy(() -> scatter(bent, 2)).isInstanceOf(MalformedImageException.class);
    }
  }

  /** Five blocks of 1 MiB, with a little in the first and in the third. */
  private static byte[] mostlyEmpty() {
    byte[] disk = new byte[5 << 20];
    System.arraycopy(DISK, 0, disk, 12_345, 500);
    disk[2 << 20] = 1;
    return disk;
  }

  @Test
  void scattersFromSeveralThreads() throws IOException {
    byte[] stream = Tool.XZ.run(DISK, "-c", "-1", "-T2", "--block-size=150000");
    CollectingSink sink = new CollectingSink(DISK.length);
    Unwrapped unwrapped = Unwrapped.open(TestData.channel(stream), "disk.xz", Limits.DEFAULT, 3);
    assertThat(unwrapped.canScatter()).isTrue();
    assertThat(unwrapped.scatter(sink)).isEqualTo(DISK.length);
    assertThat(sink.content(DISK.length)).isEqualTo(DISK);
    assertThat(sink.threadCount()).isGreaterThan(2);
  }

  @Test
  void refusesCutsAlsoWhenOtherBlocksAreStillBeingDecoded() throws Exception {
    byte[] stream = Tool.XZ.run(DISK, "-c", "-1", "-T2", "--block-size=150000");
    for (int length = 1000; length < stream.length; length += stream.length / 12) {
      byte[] cut = Arrays.copyOf(stream, length);
      assertThatThrownBy(() -> read(cut, 2)).isInstanceOf(MalformedImageException.class);
      assertThatThrownBy(() -> scatter(cut, 2)).isInstanceOf(MalformedImageException.class);
    }
    for (int length = stream.length - 90; length < stream.length; length += 3) {
      byte[] cut = Arrays.copyOf(stream, length);
      assertThatThrownBy(() -> read(cut, 2)).isInstanceOf(MalformedImageException.class);
      assertThatThrownBy(() -> scatter(cut, 2)).isInstanceOf(MalformedImageException.class);
    }
    assertNoThreads();
  }

  @Test
  void refusesFlippedBits() throws Exception {
    byte[] stream = Tool.XZ.run(DISK, "-c", "-1", "-T2", "--block-size=150000");
    for (int at = 0; at < stream.length; at += stream.length / 15) {
      byte[] flipped = stream.clone();
      flipped[at] ^= 4;
      assertThatThrownBy(() -> read(flipped, 2)).isInstanceOf(ImageException.class);
      assertThatThrownBy(() -> scatter(flipped, 2)).isInstanceOf(ImageException.class);
    }
    assertNoThreads();
  }

  @Test
  void throwsAFailureOfTheInputBehindTheBytesBeforeIt() throws Exception {
    byte[] stream = Tool.XZ.run(DISK, "-c", "-1", "-T2", "--block-size=150000");
    IOException failure = new IOException("connection reset");
    ReadableByteChannel in =
        new FailingChannel(TestData.channel(stream), stream.length / 2, failure);
    long before = 0;
    try (ReadableByteChannel channel = open(in, 2)) {
      ByteBuffer dst = ByteBuffer.allocate(50_000);
      while (true) {
        before += channel.read(dst.clear());
      }
    } catch (IOException e) {
      assertThat(e).isSameAs(failure);
    }
    assertThat(before).isGreaterThan(800_000);
    assertNoThreads();
  }

  @Test
  void throwsAFailureOfTheSinkAndStopsAllDecoders() throws Exception {
    byte[] stream = Tool.XZ.run(DISK, "-c", "-1", "-T2", "--block-size=150000");
    IOException failure = new IOException("no space left on device");
    AtomicInteger calls = new AtomicInteger();
    ScatterChannel channel = open(TestData.channel(stream), 2);
    assertThatThrownBy(
            () ->
                channel.scatter(
                    (_, _) -> {
                      if (calls.incrementAndGet() == 10) {
                        throw failure;
                      }
                    }))
        .isSameAs(failure);
    assertThat(calls.get()).isLessThan(15);
    assertThat(channel.isOpen()).isFalse();
    assertNoThreads();
  }

  @Test
  void closingStopsEveryThread() throws Exception {
    byte[] stream = Tool.XZ.run(DISK, "-c", "-1", "-T2", "--block-size=150000");
    ReadableByteChannel inTheMiddle = open(TestData.channel(stream), 2);
    readSome(inTheMiddle, 500_000);
    inTheMiddle.close();
    inTheMiddle.close();
    assertNoThreads();

    Pipe pipe = Pipe.open();
    Thread.ofPlatform()
        .start(
            () -> {
              try {
                pipe.sink().write(ByteBuffer.wrap(stream, 0, stream.length / 2));
              } catch (IOException e) {
                // closed under us, as intended
              }
            });
    ReadableByteChannel inABlockedRead = open(pipe.source(), 2);
    readSome(inABlockedRead, 700_000);
    inABlockedRead.close();
    assertNoThreads();
    pipe.sink().close();
  }

  @Test
  void refusesToScatterWhatWasReadInOrder() throws Exception {
    byte[] stream = Tool.XZ.run(DISK, "-c", "-1", "-T2", "--block-size=150000");
    try (ScatterChannel channel = open(TestData.channel(stream), 2)) {
      readSome(channel, 500_000);
      assertThatThrownBy(() -> channel.scatter((_, _) -> {}))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  private static void readSome(ReadableByteChannel channel, int bytes) throws IOException {
    ByteBuffer dst = ByteBuffer.allocate(bytes);
    while (dst.hasRemaining()) {
      assertThat(channel.read(dst)).isPositive();
    }
  }

  private static void assertNoThreads() throws InterruptedException {
    for (int tries = 0; tries < 50 && !xzThreads().isEmpty(); tries++) {
      Thread.sleep(20);
    }
    assertThat(xzThreads()).isEmpty();
  }

  private static List<Thread> xzThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("xz "))
        .toList();
  }

  private static ScatterChannel open(ReadableByteChannel in, int threads) {
    return new XzChannel(in, "disk.xz", Limits.DEFAULT, threads);
  }

  private static byte[] read(byte[] stream, int threads) throws IOException {
    try (ReadableByteChannel channel = open(TestData.channel(stream), threads)) {
      return TestData.readAll(channel);
    }
  }

  private static byte[] scatter(byte[] stream, int threads) throws IOException {
    CollectingSink sink = new CollectingSink(5 * DISK.length);
    try (ScatterChannel channel = open(TestData.channel(stream), threads)) {
      return sink.content(channel.scatter(sink));
    }
  }
}
