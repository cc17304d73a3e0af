package io.gantry.codec;

import static io.gantry.codec.Compression.GZIP;
import static io.gantry.codec.Compression.XZ;
import static io.gantry.codec.Compression.ZSTD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.image.Limits;
import io.gantry.image.MalformedImageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnwrappedTest {

  private static final byte[] DISK = TestData.diskLike(100_000, 1);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 511, 4095, 4096, 4097, 100_000})
  void passesWhatIsNotCompressed(int size) throws IOException {
    byte[] disk = TestData.diskLike(size, size);
    try (ReadableByteChannel unwrapped = open(disk, List.of()).channel()) {
      assertThat(TestData.readAll(unwrapped)).isEqualTo(disk);
    }
  }

  @Test
  void takesEachCompressionOff() throws IOException {
    assertUnwraps(Tool.GZIP.run(DISK, "-c"), List.of(GZIP), DISK);
    assertUnwraps(Tool.XZ.run(DISK, "-c"), List.of(XZ), DISK);
    assertUnwraps(Tool.ZSTD.run(DISK, "-c"), List.of(ZSTD), DISK);
  }

  @Test
  void takesNestedCompressionsOffInAnyOrder() throws IOException {
    byte[] gz = Tool.GZIP.run(DISK, "-c");
    byte[] gzXz = Tool.XZ.run(gz, "-c");
    assertUnwraps(gzXz, List.of(XZ, GZIP), DISK);
    assertUnwraps(Tool.ZSTD.run(gzXz, "-c"), List.of(ZSTD, XZ, GZIP), DISK);
  }

  @Test
  void takesEachCompressionOffOnlyOnce() throws IOException {
    byte[] gz = Tool.GZIP.run(DISK, "-c");
    assertUnwraps(Tool.GZIP.run(gz, "-c"), List.of(GZIP), gz);
    byte[] gzXzGz = Tool.GZIP.run(Tool.XZ.run(gz, "-c"), "-c");
    assertUnwraps(gzXzGz, List.of(GZIP, XZ), gz);
  }

  @Test
  void showsTheHeadOfTheInnermostBytesAndStillDeliversThem() throws IOException {
    Unwrapped unwrapped = open(Tool.XZ.run(DISK, "-c"), List.of(XZ));
    ByteBuffer expected = ByteBuffer.wrap(DISK, 0, Unwrapped.HEAD_BYTES);
    assertThat(unwrapped.head()).isEqualTo(expected);
    assertThat(TestData.readAll(unwrapped.channel())).isEqualTo(DISK);
    assertThat(unwrapped.head()).isEqualTo(expected);
    unwrapped.channel().close();
  }

  @Test
  void refusesAFileCutInsideTheMagic() {
    byte[] xz = Tool.XZ.run(DISK, "-c");
    for (int length = 2; length < 6; length++) {
      byte[] cut = Arrays.copyOf(xz, length);
      assertThatThrownBy(() -> open(cut, List.of()))
          .isInstanceOf(MalformedImageException.class)
          .hasMessageContaining("inside the xz magic");
    }
  }

  @Test
  void closesItsInputWhenTheHeadCannotBeDecoded() {
    byte[] broken = Arrays.copyOf(Tool.XZ.run(DISK, "-c"), 40);
    ReadableByteChannel in = TestData.channel(broken);
    assertThatThrownBy(() -> Unwrapped.open(in, "disk.xz", Limits.DEFAULT, 2))
        .isInstanceOf(MalformedImageException.class);
    assertThat(in.isOpen()).isFalse();
  }

  private static void assertUnwraps(byte[] stream, List<Compression> expected, byte[] content)
      throws IOException {
    try (ReadableByteChannel channel = open(stream, expected).channel()) {
      assertThat(TestData.readAll(channel)).isEqualTo(content);
    }
  }

  private static Unwrapped open(byte[] stream, List<Compression> expected) throws IOException {
    Unwrapped unwrapped = Unwrapped.open(TestData.channel(stream), "disk", Limits.DEFAULT, 2);
    assertThat(unwrapped.compressions()).isEqualTo(expected);
    return unwrapped;
  }
}
