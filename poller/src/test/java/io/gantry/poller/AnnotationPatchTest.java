package io.gantry.poller;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class AnnotationPatchTest {

  private static final Map<String, String> VALUES = Map.of("example.org/a~b", "\"1\"");

  @Test
  void setsSingleKeysWhereThereAreAnnotations() {
    DataImportCron cron = new DataImportCron("uid", "7", Map.of("other", "x"));

    assertThat(AnnotationPatch.setting(VALUES, cron))
        .isEqualTo(
            "[{\"op\":\"test\",\"path\":\"/metadata/uid\",\"value\":\"uid\"},"
                + "{\"op\":\"add\",\"path\":\"/metadata/annotations/example.org~1a~0b\","
                + "\"value\":\"\\\"1\\\"\"}]");
  }

  @Test
  void addsAllOfThemToTheVersionThatHadNone() {
    DataImportCron cron = new DataImportCron("uid", "7", Map.of());

    assertThat(AnnotationPatch.setting(VALUES, cron))
        .isEqualTo(
            "[{\"op\":\"test\",\"path\":\"/metadata/uid\",\"value\":\"uid\"},"
                + "{\"op\":\"test\",\"path\":\"/metadata/resourceVersion\",\"value\":\"7\"},"
                + "{\"op\":\"add\",\"path\":\"/metadata/annotations\","
                + "\"value\":{\"example.org/a~b\":\"\\\"1\\\"\"}}]");
  }

  @Test
  void escapesTheEscapeFirst() {
    assertThat(AnnotationPatch.escaped("~1/")).isEqualTo("~01~1");
  }
}
