package io.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class TerminationMessageTest {

  private static final TerminationMessage COMPLETE =
      new TerminationMessage(
          Optional.of(false), Optional.of(true), new TreeMap<>(), "Import Complete");

  @Test
  void isByteForByteWhatTheReferenceWrites() {
    assertThat(COMPLETE.toJson())
        .isEqualTo(
            """
            {"scratchSpaceRequired":false,"preallocationApplied":true,"message":"Import Complete"}\
            """);
  }

  @Test
  void putsLabelsBeforeTheMessageInOrder() {
    assertThat(COMPLETE.withLabels(Map.of("b", "2", "a", "1")).toJson())
        .isEqualTo(
            """
            {"scratchSpaceRequired":false,"preallocationApplied":true,"labels":{"a":"1","b":"2"},\
            "message":"Import Complete"}\
            """);
  }

  @Test
  void escapesAsGoDoes() {
    assertThat(TerminationMessage.of("a\"b\\c<d>&\t\u0001\u2028é").toJson())
        .isEqualTo("{\"message\":\"a\\\"b\\\\c\\u003cd\\u003e\\u0026\\t\\u0001\\u2028é\"}");
  }

  @Test
  void dropsLabelsRatherThanGrowingTooLong() {
    Map<String, String> labels = new TreeMap<>();
    for (int i = 0; i < 100; i++) {
      labels.put("label-%03d".formatted(i), "x".repeat(60));
    }

    String json = COMPLETE.withLabels(labels).toJson();

    assertThat(json.length()).isBetween(4000, TerminationLog.LENGTH_MAX);
    assertThat(json).contains("label-000").endsWith("\"message\":\"Import Complete\"}");
  }
}
