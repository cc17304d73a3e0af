package io.gantry.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.runtime.Env;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    assertThat(config.isArchive()).isFalse();
  }

  @Test
  void demandsABooleanForPreallocation() {
    assertThatThrownBy(() -> config("PREALLOCATION", ""))
        .isInstanceOf(ImporterConfig.ConfigException.class)
        .hasMessage("PREALLOCATION is \"\", must be true or false");
  }

  @Test
  void looksAtPreallocationFirst() {
    assertThatThrownBy(() -> config("PREALLOCATION", "maybe", "IMPORTER_IMAGE_SIZE", "big"))
        .isInstanceOfSatisfying(
            ImporterConfig.ConfigException.class, e -> assertThat(e.status()).isEqualTo(1));
  }

  @Test
  void endsWithStatusTwoWhenTheSizeIsNoQuantity() {
    assertThatThrownBy(() -> config("IMPORTER_IMAGE_SIZE", "big"))
        .isInstanceOfSatisfying(
            ImporterConfig.ConfigException.class, e -> assertThat(e.status()).isEqualTo(2));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1Gi, 1073741824",
    "1.5Gi, 1610612736",
    "1e9, 1000000000",
    "1500m, 2",
    "512, 512"
  })
  void roundsTheSizeUpToWholeBytes(String text, long bytes) throws Exception {
    assertThat(config("IMPORTER_IMAGE_SIZE", text).imageSize()).hasValue(bytes);
  }

  /** A populator's pod has the handshake and no pull method; recorded from a cluster. */
  @Test
  void knowsNodePullByEitherOfItsVariables() throws Exception {
    assertThat(config("IMPORTER_PULL_METHOD", "node").isServedBesideIt()).isTrue();
    assertThat(config("IMPORTER_READY_FILE", "/shared/ready").isServedBesideIt()).isTrue();
    assertThat(config("IMPORTER_PULL_METHOD", "", "IMPORTER_READY_FILE", "").isServedBesideIt())
        .isFalse();
  }

  @Test
  void takesAnOverheadItCannotReadForNone() throws Exception {
    assertThat(config("FILESYSTEM_OVERHEAD", "x").filesystemOverhead()).isZero();
    assertThat(config("FILESYSTEM_OVERHEAD", "").filesystemOverhead()).isZero();
    assertThat(config("FILESYSTEM_OVERHEAD", "0.055").filesystemOverhead()).isEqualTo(0.055);
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
