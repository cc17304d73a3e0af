package io.gantry.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.ArrayCache;
import org.tukaani.xz.CorruptedInputException;
import org.tukaani.xz.FinishableWrapperOutputStream;
import org.tukaani.xz.LZMA2Options;

final class Lzma2InputStreamTest {

  private static final int DICTIONARY = 64 << 10;

  @ParameterizedTest
  @CsvSource({"3, 0, 2", "0, 0, 0", "4, 0, 4", "0, 4, 0", "2, 2, 3", "1, 3, 1", "0, 2, 4"})
  void decodesWithEveryKindOfParameters(int lc, int lp, int pb) throws IOException {
    LZMA2Options options = options(6);
    options.setLcLp(lc, lp);
    options.setPb(pb);
    byte[] data = TestData.diskLike(3 << 20, lc * 100 + lp * 10 + pb);

    assertThat(decode(encode(data, options), 64 << 10)).isEqualTo(data);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 9})
  void decodesWhatEveryLevelWrites(int preset) throws IOException {
    byte[] data = TestData.diskLike(2 << 20, preset);

    assertThat(decode(encode(data, options(preset)), 64 << 10)).isEqualTo(data);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 273, 4096, 1 << 20})
  void handsOutPiecesOfAnySize(int piece) throws IOException {
    byte[] data = TestData.diskLike(300_000, piece);

    assertThat(decode(encode(data, options(6)), piece)).isEqualTo(data);
  }

  @Test
  void decodesChunksThatAreStored() throws IOException {
    byte[] noise = new byte[500_000];
    new SplittableRandom(1).nextBytes(noise);

    assertThat(decode(encode(noise, options(6)), 10_000)).isEqualTo(noise);
  }

  @Test
  void decodesLongRunsAcrossTheEndOfTheWindow() throws IOException {
    byte[] data = new byte[1_000_000];
    Arrays.fill(data, 70_000, 200_000, (byte) 7);
    for (int i = 200_000; i < 600_000; i++) {
      data[i] = (byte) (i % 5);
    }

    assertThat(decode(encode(data, options(6)), 30_000)).isEqualTo(data);
  }

  /** Copied wide, after some single bytes where they repeat faster than that. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17})
  void repeatsWhatLiesAShortDistanceBack(int distance) throws IOException {
    SplittableRandom random = new SplittableRandom(distance);
    byte[] data = new byte[300_000];
    random.nextBytes(data);
    for (int start = distance; start + 700 < data.length; start += 900) {
      int end = start + 2 + random.nextInt(600);
      for (int i = start; i < end; i++) {
        data[i] = data[i - distance];
      }
    }

    assertThat(decode(encode(data, options(6)), 10_007)).isEqualTo(data);
  }

  /** The window is longer than the dictionary, by what a copy may write too much. */
  @ParameterizedTest
  @ValueSource(ints = {-17, -1, 0, 1, 15, 16, 17})
  void goesBackAsFarAsTheDictionaryAndNoFurther(int beyond) throws IOException {
    byte[] noise = new byte[DICTIONARY + beyond];
    new SplittableRandom(beyond).nextBytes(noise);
    byte[] data = Arrays.copyOf(noise, noise.length + 1000);
    System.arraycopy(noise, 0, data, noise.length, 1000);
    LZMA2Options options = options(6);
    options.setDictSize(2 * DICTIONARY);
    byte[] encoded = encode(data, options);

    assertThat(encoded).as("the end is a match").hasSizeLessThan(noise.length + 200);
    assertThat(Lzma2Oracle.agree(encoded, DICTIONARY)).isEqualTo(beyond <= 0);
  }

  @Test
  void refusesEveryCut() throws IOException {
    byte[] encoded = encode(TestData.diskLike(20_000, 2), options(6));

    for (int length = 0; length < encoded.length; length++) {
      byte[] cut = Arrays.copyOf(encoded, length);
      assertThatThrownBy(() -> decode(cut, 4096)).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void refusesWhatAnotherDecoderRefuses() throws IOException {
    byte[] encoded = encode(TestData.diskLike(30_000, 3), options(6));
    SplittableRandom random = new SplittableRandom(4);
    int refused = 0;

    for (int round = 0; round < 3000; round++) {
      byte[] changed = encoded.clone();
      changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
      refused += Lzma2Oracle.agree(changed, DICTIONARY) ? 0 : 1;
    }

    assertThat(refused).isGreaterThan(1000);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x02, 0x03, 0x7f, 0x80, 0xa0, 0xc0})
  void refusesAFirstChunkThatGoesOnFromNothing(int control) {
    byte[] stream = {(byte) control, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

    assertThatThrownBy(() -> decode(stream, 100)).isInstanceOf(CorruptedInputException.class);
  }

  private static LZMA2Options options(int preset) throws IOException {
    LZMA2Options options = new LZMA2Options(preset);
    options.setDictSize(DICTIONARY);
    return options;
  }

  private static byte[] encode(byte[] data, LZMA2Options options) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (var encoder = options.getOutputStream(new FinishableWrapperOutputStream(out))) {
      encoder.write(data);
      encoder.finish();
    }
    return out.toByteArray();
  }

  private static byte[] decode(byte[] encoded, int piece) throws IOException {
    ByteArrayInputStream in = new ByteArrayInputStream(encoded);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[piece];
    try (Lzma2InputStream decoded =
        new Lzma2InputStream(in, DICTIONARY, ArrayCache.getDummyCache())) {
      for (int n = decoded.read(buffer); n >= 0; n = decoded.read(buffer)) {
        out.write(buffer, 0, n);
      }
    }
    assertThat(in.available()).as("bytes behind the end").isZero();
    return out.toByteArray();
  }
}
