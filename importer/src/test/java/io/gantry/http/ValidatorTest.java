package io.gantry.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ValidatorTest {

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "'\"a\"', -, true",
        "'W/\"a\"', -, false",
        "unquoted, -, false",
        "-, Monday, true",
        "'W/\"a\"', Monday, true",
        "-, -, false"
      })
  void isUsableWithAStrongTagOrATime(String etag, String modified, boolean usable) {
    assertThat(validator(etag, modified).isUsable()).isEqualTo(usable);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "'\"a\"', Monday, '\"a\"', Monday, true, true",
        "'\"a\"', Monday, '\"b\"', Monday, false, false",
        "'\"a\"', Monday, '\"a\"', Sunday, true, false",
        "'\"a\"', -, '\"a\"', Sunday, true, true",
        "'\"a\"', Monday, -, Monday, false, false",
        "'\"a\"', Monday, 'W/\"a\"', Monday, false, false",
        "-, Monday, -, Monday, true, true",
        "-, Monday, '\"a\"', Monday, true, true",
        "-, Monday, -, Sunday, false, false",
        "-, Monday, -, -, false, false",
        "-, -, -, -, false, false"
      })
  void matchesWhatSurelyNamesTheSameBytes(
      String etag,
      String modified,
      String otherEtag,
      String otherModified,
      boolean samePlace,
      boolean elsewhere) {
    Validator first = validator(etag, modified);
    Validator second = validator(otherEtag, otherModified);
    assertThat(first.matches(second, true)).isEqualTo(samePlace);
    assertThat(first.matches(second, false)).isEqualTo(elsewhere);
  }

  private static Validator validator(String etag, String modified) {
    return Validator.of(Optional.ofNullable(etag), Optional.ofNullable(modified));
  }
}
