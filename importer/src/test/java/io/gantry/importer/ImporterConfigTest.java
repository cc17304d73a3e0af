package io.gantry.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.runtime.Env;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ImporterConfigTest {

  private static ImporterConfig config(String... pairs) throws ImporterConfig.ConfigException {
    Map<String, String> values = new HashMap<>(Map.of("PREALLOCATION", "false"));
    for (int i = 0; i < pairs.length; i += 2) {
      values.put(pairs[i], pairs[i + 1]);
    }
    return ImporterConfig.of(Env.of(values));
  }

  @Test
  void takesEverythingForUnsetThatTheControllerLeavesEmpty() throws Exception {
    ImporterConfig config =
        config("IMPORTER_CHECKSUM", "", "IMPORTER_CERT_DIR", "", "IMPORTER_IMAGE_SIZE", "");

    assertThat(config.checksum()).isEmpty();
    assertThat(config.certDir()).isEmpty();
    assertThat(config.imageSize()).isEmpty();
    assertThat(config.credentials()).isEmpty();
    assertThat(config.contentType()).isEqualTo(ImporterConfig.ContentType.KUBEVIRT);
  }

  @Test
  void demandsABooleanForPreallocation() {
    assertThatThrownBy(() -> config("PREALLOCATION", ""))
        .isInstanceOf(ImporterConfig.ConfigException.class)
        .hasMessage("PREALLOCATION is \"\", must be true or false");
  }

  @Test
  void endsWithStatusTwoWhenTheSizeIsNoQuantity() {
    assertThatThrownBy(() -> config("IMPORTER_IMAGE_SIZE", "big"))
        .isInstanceOfSatisfying(
            ImporterConfig.ConfigException.class, e -> assertThat(e.status()).isEqualTo(2));
  }

  @Test
  void takesAnOverheadItCannotReadForNone() throws Exception {
    assertThat(config("FILESYSTEM_OVERHEAD", "x").filesystemOverhead()).isZero();
    assertThat(config("FILESYSTEM_OVERHEAD", "0.06").filesystemOverhead()).isEqualTo(0.06);
  }

  @Test
  void needsBothHalvesOfCredentials() throws Exception {
    assertThat(config("IMPORTER_ACCESS_KEY_ID", "user").credentials()).isEmpty();
    assertThat(
            config("IMPORTER_ACCESS_KEY_ID", "user", "IMPORTER_SECRET_KEY", "secret").credentials())
        .contains(Map.entry("user", "secret"));
  }

  @Test
  void collectsEveryExtraHeaderThatHasAColon() throws Exception {
    ImporterConfig config =
        config(
            "IMPORTER_EXTRA_HEADER_1", "B: 2",
            "IMPORTER_EXTRA_HEADER_0", "A: 1",
            "IMPORTER_EXTRA_HEADER_2", "none",
            "IMPORTER_EXTRA_HEADER_X", "C: x:y");

    assertThat(config.extraHeaders()).containsExactly("A: 1", "B: 2", "C: x:y");
  }

  @Test
  void takesDirectIoForTheCacheModeThatTheControllerSetsAfterAnOomKill() throws Exception {
    assertThat(config("CACHE_MODE", "TRYNONE").directIo()).isTrue();
    assertThat(config("CACHE_MODE", "").directIo()).isFalse();
  }
}
