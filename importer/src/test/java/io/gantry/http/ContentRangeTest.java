package io.gantry.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ContentRangeTest {

  @Test
  void readsFirstLastAndTotal() {
    assertThat(ContentRange.parse(" bytes 10-19/100 "))
        .hasValue(new ContentRange(Optional.of(new ByteRange(10, 20)), OptionalLong.of(100)));
    assertThat(ContentRange.parse("bytes 0-0/*"))
        .hasValue(new ContentRange(Optional.of(new ByteRange(0, 1)), OptionalLong.empty()));
    assertThat(ContentRange.parse("bytes */100"))
        .hasValue(new ContentRange(Optional.empty(), OptionalLong.of(100)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bytes 10-9/100",
        "bytes 0-100/100",
        "bytes 0-9",
        "0-9/100",
        "lines 0-9/100",
        "bytes -1-9/100",
        "bytes 0-99999999999999999999/*"
      })
  void readsNothingElse(String text) {
    assertThat(ContentRange.parse(text)).isEmpty();
  }
}
