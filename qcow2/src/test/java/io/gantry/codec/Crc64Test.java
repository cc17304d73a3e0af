package io.gantry.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class Crc64Test {

  /** The check value that catalogues of CRCs give for CRC-64/XZ. */
  private static final long OF_DIGITS = 0x995dc9bbdf1939faL;

  @Test
  void agreesWithTheCataloguesOnTheNineDigits() {
    byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);

    assertThat(crc(digits, digits.length)).isEqualTo(OF_DIGITS);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0, 1, 7, 8, 9, 4095, 4096, 4097, 8192, 44_895, 44_896, 44_903, 44_904, 70_001, 300_007
      })
  void agreesWithTheDefinitionBitByBit(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);

    assertThat(crc(bytes, length)).isEqualTo(bitByBit(bytes));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 44_896, 44_901, 300_007})
  void agreesWithTheDefinitionOnZeros(int length) {
    byte[] bytes = new byte[length];

    assertThat(crc(bytes, Math.max(1, length))).isEqualTo(bitByBit(bytes));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8, 4095, 4096, 5000, 12_288, 30_000})
  void agreesWithTheDefinitionWhereZerosBeginInTheMiddle(int dataLength) {
    byte[] bytes = new byte[50_000];
    new Random(dataLength).nextBytes(bytes);
    Arrays.fill(bytes, dataLength, 45_000, (byte) 0);

    assertThat(crc(bytes, bytes.length)).isEqualTo(bitByBit(bytes));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4096, 4099, 10_000, 50_003, 90_000})
  void doesNotDependOnThePieces(int piece) {
    byte[] bytes = new byte[140_000];
    new Random(piece).nextBytes(bytes);
    Arrays.fill(bytes, 9_000, 20_000, (byte) 0);

    assertThat(crc(bytes, piece)).isEqualTo(bitByBit(bytes));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4095, 4096, 4097, 70_001})
  void countsZerosLikeThoseItIsShown(int zeros) {
    byte[] bytes = new byte[100 + zeros + 50];
    new Random(zeros).nextBytes(bytes);
    Arrays.fill(bytes, 100, 100 + zeros, (byte) 0);

    Crc64 crc = new Crc64();
    crc.update(ByteBuffer.wrap(bytes, 0, 100));
    crc.updateZeros(zeros);
    crc.update(ByteBuffer.wrap(bytes, 100 + zeros, 50));

    assertThat(crc.value()).isEqualTo(bitByBit(bytes));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 8, 100, 44_896, 100_003})
  void readsBuffersOutsideTheHeap(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    ByteBuffer data = ByteBuffer.allocateDirect(length).put(bytes).flip();

    Crc64 crc = new Crc64();
    crc.update(data);

    assertThat(crc.value()).isEqualTo(bitByBit(bytes));
    assertThat(data.hasRemaining()).isFalse();
  }

  @Test
  void readsFromTheMiddleOfAnArray() {
    byte[] bytes = new byte[60_000];
    new Random(1).nextBytes(bytes);
    ByteBuffer data = ByteBuffer.wrap(bytes).slice(1_001, 50_011).position(3).limit(50_000);

    Crc64 crc = new Crc64();
    crc.update(data);

    assertThat(crc.value()).isEqualTo(bitByBit(Arrays.copyOfRange(bytes, 1_004, 51_001)));
    assertThat(data.hasRemaining()).isFalse();
  }

  private static long crc(byte[] bytes, int piece) {
    Crc64 crc = new Crc64();
    for (int at = 0; at < bytes.length; at += piece) {
      crc.update(ByteBuffer.wrap(bytes, at, Math.min(piece, bytes.length - at)));
    }
    return crc.value();
  }

  private static long bitByBit(byte[] bytes) {
    return ~Crc64Oracle.remainder(-1, bytes);
  }
}
