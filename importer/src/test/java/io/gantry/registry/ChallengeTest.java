package io.gantry.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChallengeTest {

  @Test
  void readsRealmServiceAndScope() {
    assertThat(
            Challenge.parse(
                List.of(
                    "Bearer realm=\"https://auth.example.org/token?a=b\",service=\"registry\","
                        + "scope=\"repository:a/b:pull,push\"")))
        .containsExactly(
            new Challenge(
                "bearer",
                Map.of(
                    "realm", "https://auth.example.org/token?a=b",
                    "service", "registry",
                    "scope", "repository:a/b:pull,push")));
  }

  @Test
  void readsSeveralChallengesInOneHeaderAndInSeveral() {
    assertThat(Challenge.parse(List.of("Negotiate, Basic realm=\"a \\\"b\\\"\"", "Bearer Realm=x")))
        .containsExactly(
            new Challenge("negotiate", Map.of()),
            new Challenge("basic", Map.of("realm", "a \"b\"")),
            new Challenge("bearer", Map.of("realm", "x")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",", "=", "\"", "Bearer realm=\"", "a=b", "Bearer =", "Basic \\"})
  void comesToAnEndWhateverItReads(String header) {
    assertThat(Challenge.parse(List.of(header))).hasSizeLessThan(3);
  }
}
