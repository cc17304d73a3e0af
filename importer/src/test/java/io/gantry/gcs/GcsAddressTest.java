package io.gantry.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.runtime.Env;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GcsAddressTest {

  private static final Env NOTHING = Env.of(Map.of());

  @ParameterizedTest
  @CsvSource({
    "gs://bucket/object, https://storage.googleapis.com/bucket/object",
    "GS://my_bucket/a/b%20c.img, https://storage.googleapis.com/my_bucket/a/b%20c.img",
    "https://host:8443/bucket/a/b?alt=media, https://host:8443/bucket/a/b",
    "http://host/bucket/object/, http://host/bucket/object",
  })
  void findsTheObjectInTheXmlInterface(String text, String url) {
    assertThat(GcsAddress.of(text, NOTHING).url()).hasToString(url);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://emulator:4443", "emulator:4443"})
  void asksTheEmulatorOfTheEnvironment(String host) {
    GcsAddress address =
        GcsAddress.of("gs://bucket/object", Env.of(Map.of("STORAGE_EMULATOR_HOST", host)));
    assertThat(address.url()).hasToString("http://emulator:4443/bucket/object");
    assertThat(address.emulated()).isTrue();
    assertThat(address).hasToString("gs://bucket/object");
  }

  @Test
  void refusesWhatNamesNoObject() {
    for (String text : new String[] {"gs://bucket", "gs://bucket/", "https://host/bucket"}) {
      assertThatThrownBy(() -> GcsAddress.of(text, NOTHING)).hasMessageContaining("no object");
    }
    assertThatThrownBy(() -> GcsAddress.of("s3://bucket/object", NOTHING))
        .hasMessageContaining("\"s3\"");
    assertThatThrownBy(() -> GcsAddress.of("gs://bucket/a%zb", NOTHING))
        .hasMessageContaining("malformed at character 14");
  }
}
