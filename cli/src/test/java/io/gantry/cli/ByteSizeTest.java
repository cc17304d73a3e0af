package io.gantry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ByteSizeTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "4096, 4096",
    "4096B, 4096",
    "1k, 1024",
    "10G, 10737418240",
    "1.5T, 1649267441664",
    "0.5K, 512",
    ".5k, 512",
    "7E, 8070450532247928832",
    "9223372036854775807, 9223372036854775807"
  })
  void parsesSizesAsQemuImgDoes(String text, long bytes) {
    assertThat(ByteSize.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "K", "-1", "+1", "1 K", "10Q", "0x10", "1e3", "1.2.3", ".", "1KB", "1KiB", "ten"
      })
  void refusesWhatIsNoSize(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining('"' + text + '"');
  }

  @ParameterizedTest
  @ValueSource(strings = {"8E", "9223372036854775808", "0.1", "1.0000001K"})
  void refusesWhatIsTooLargeOrNoWholeNumberOfBytes(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("not a whole number of bytes below 8E");
  }

  /** The right column is what qemu-img 7.2 printed. */
  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1466368, 1.4 MiB",
    "104857600, 100 MiB",
    "10737418240, 10 GiB",
    "1024, 1 KiB",
    "1536, 1.5 KiB",
    "10240, 10 KiB",
    "102400, 100 KiB",
    "1048064, 1 MiB",
    "12345678336, 11.5 GiB"
  })
  void printsSizesAsQemuImgDoes(long bytes, String text) {
    assertThat(ByteSize.human(bytes)).isEqualTo(text);
  }

  @Test
  void printsTheLargestSize() {
    assertThat(ByteSize.human(Long.MAX_VALUE)).isEqualTo("8 EiB");
  }
}
