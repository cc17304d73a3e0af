package io.gantry.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class XzWarmUpTest {

  @Test
  void decodesItsSampleToTheEnd() {
    assertThat(XzWarmUp.decodeSamples()).isEqualTo(20 * 1061);
  }

  @ParameterizedTest
  @CsvSource({
    "disk.raw.xz, true",
    "https://example.com/disk.raw.xz, true",
    "https://example.com/disk.qcow2.xz?signature=a/b, true",
    "https://example.com/disk.xz#part, true",
    "https://example.com/disk.raw, false",
    "https://example.com/disk.raw?name=disk.xz, false",
    "'', false",
  })
  void goesByTheName(String source, boolean likely) {
    assertThat(XzWarmUp.isLikely(source)).isEqualTo(likely);
  }
}
