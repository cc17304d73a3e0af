package io.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GoValuesTest {

  @ParameterizedTest
  @ValueSource(strings = {"1", "t", "T", "true", "TRUE", "True"})
  void knowsTheSixWordsForTrue(String text) {
    assertThat(GoValues.parseBool(text)).contains(true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "f", "F", "false", "FALSE", "False"})
  void knowsTheSixWordsForFalse(String text) {
    assertThat(GoValues.parseBool(text)).contains(false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yes", "tRUE", " true", "2"})
  void takesNothingElseForABoolean(String text) {
    assertThat(GoValues.parseBool(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0.06, 0.06", "5.5e-2, 0.055", ".5, 0.5", "1, 1"})
  void parsesFloats(String text, double value) {
    assertThat(GoValues.parseFloatOrZero(text)).isEqualTo(value);
  }

  @Test
  void takesForZeroWhatIsNoFloat() {
    assertThat(GoValues.parseFloatOrZero("")).isZero();
    assertThat(GoValues.parseFloatOrZero("6%")).isZero();
    assertThat(GoValues.parseFloatOrZero("1d")).isZero();
    assertThat(GoValues.parseFloatOrZero("1e999")).isZero();
  }
}
