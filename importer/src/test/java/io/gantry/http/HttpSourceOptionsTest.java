package io.gantry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpSourceOptionsTest {

  @Test
  void takesBlanksAndNewlinesOffAHeader() {
    assertThat(HttpSourceOptions.parseHeader("X-Token:  a:b c \r\n"))
        .isEqualTo(Map.entry("X-Token", "a:b c"));
    assertThat(HttpSourceOptions.parseHeader("X-Empty:")).isEqualTo(Map.entry("X-Empty", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Token secret",
        "X-Token: secret\r\nX-Other: b",
        "X-Token: secret\nmore",
        "X-Token: secret\u0000",
        "X-Tökén: secret",
        "X Token: secret",
        ": secret"
      })
  void refusesHeadersThatWouldBreakTheRequestWithoutShowingTheirValue(String header) {
    assertThatThrownBy(() -> HttpSourceOptions.parseHeader(header))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("header")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Range: bytes=0-1", "host: a", "Transfer-Encoding: chunked"})
  void refusesHeadersThatAreOursToSet(String header) {
    assertThatThrownBy(() -> HttpSourceOptions.parseHeader(header))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot be set");
  }

  @Test
  void refusesPatienceThatIsNone() {
    assertThatThrownBy(() -> TestOptions.attempts(0).build())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TestOptions().stallTimeout(Duration.ZERO).build())
        .isInstanceOf(IllegalArgumentException.class);
  }
}
