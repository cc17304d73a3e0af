package io.gantry.codec;

import static io.gantry.codec.Crc64Oracle.remainder;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class Crc64FoldingTest {

  /** The polynomial 1: in a reflected word, the highest bit is the lowest power. */
  private static final long ONE = 1L << 63;

  @Test
  void theSumOfItsPowersIsAMultipleOfThePolynomial() {
    int last = Crc64Folding.LAST;

    long sum =
        ONE
            ^ behindWords(last - Crc64Folding.SIXTH)
            ^ behindWords(last - Crc64Folding.FIFTH)
            ^ behindWords(last - Crc64Folding.FOURTH)
            ^ behindWords(last - Crc64Folding.THIRD)
            ^ behindWords(last - Crc64Folding.SECOND)
            ^ behindWords(last - Crc64Folding.FIRST)
            ^ behindWords(last);

    assertThat(sum).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 117, 1403, 4095, 4096, 4097, 5498, 5499, 5500, 20_000})
  void leavesAMessageOfTheSameRemainder(int more) {
    byte[] bytes = new byte[Crc64Folding.LEFT_BYTES + Long.BYTES * more];
    new Random(more).nextBytes(bytes);
    long before = 0x0123_4567_89ab_cdefL * more;

    byte[] left = new Crc64Folding().fold(before, ByteBuffer.wrap(bytes));

    assertThat(left).hasSize(Crc64Folding.LEFT_BYTES);
    assertThat(remainder(0, left)).isEqualTo(remainder(before, bytes));
  }

  @Test
  void canBeUsedAgain() {
    byte[] bytes = new byte[100_000];
    new Random(1).nextBytes(bytes);
    Crc64Folding folding = new Crc64Folding();
    long first = remainder(0, folding.fold(-1, ByteBuffer.wrap(bytes)));

    folding.fold(5, ByteBuffer.wrap(bytes, 8, 50_000));
    long again = remainder(0, folding.fold(-1, ByteBuffer.wrap(bytes)));

    assertThat(again).isEqualTo(first);
  }

  private static long behindWords(int words) {
    return remainder(ONE, new byte[words * Long.BYTES]);
  }
}
