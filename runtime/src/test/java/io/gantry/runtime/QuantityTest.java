package io.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class QuantityTest {

  @ParameterizedTest
  @CsvSource({
    "1Gi, 1073741824",
    "500Mi, 524288000",
    "1G, 1000000000",
    "1073741824, 1073741824",
    "1e9, 1000000000",
    "1E3, 1000",
    "1E, 1000000000000000000",
    "1500m, 2",
    "0.5Ki, 512",
    ".5Gi, 536870912",
    "1., 1",
    "1n, 1",
    "0, 0",
    "12e-1, 2",
    "7Ei, 8070450532247928832",
    "8Ei, 9223372036854775807",
    "1e30, 9223372036854775807"
  })
  void parsesAsKubernetesDoesAndRoundsUp(String text, long bytes) {
    assertThat(Quantity.parseBytes(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Gi", "1 Gi", "1gi", "1KiB", "-1", "1e", "e3", "0x10", "1ee3", "1,5Gi"})
  void refusesWhatIsNoSizeWithTheText(String text) {
    assertThatThrownBy(() -> Quantity.parseBytes(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + text + "\"");
  }
}
