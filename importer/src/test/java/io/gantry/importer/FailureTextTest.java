package io.gantry.importer;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.image.DamagedStreamException;
import io.gantry.image.MalformedImageException;
import io.gantry.image.OtherFileException;
import io.gantry.image.UnsupportedFormatException;
import io.gantry.image.WrongContentException;
import io.gantry.runtime.Env;
import io.gantry.source.SourceException;
import io.gantry.target.TargetException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The substrings that the control plane looks for in failures, and the phases around them. */
final class FailureTextTest {

  private static final String CONVERSION =
      "Unable to convert source data to target format: Conversion to Raw failed: ";

  private static FailureText text(String source, String... more) {
    Map<String, String> environment = new HashMap<>();
    environment.put("PREALLOCATION", "false");
    environment.put("IMPORTER_SOURCE", source);
    for (int i = 0; i < more.length; i += 2) {
      environment.put(more[i], more[i + 1]);
    }
    try {
      return FailureText.of(ImporterConfig.of(Env.of(environment)));
    } catch (ImporterConfig.ConfigException e) {
      throw new AssertionError(e);
    }
  }

  /** 1.4: a spooled image is written by the conversion, an object goes straight to its file. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http|" + CONVERSION,
        "registry|" + CONVERSION,
        "s3|'Unable to transfer source data to target file: '",
        "gcs|'Unable to transfer source data to target file: '"
      })
  void saysNoSpaceLeftInLowerCase(String source, String phase) {
    TargetException full =
        new TargetException(
            TargetException.Kind.FULL, "/data/disk.img: cannot write: no space left on device");

    assertThat(text(source).of(full))
        .isEqualTo(
            phase.strip()
                + " unable to write to file: /data/disk.img: cannot write: no space left on"
                + " device");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "s3"})
  void blamesTheRoomForNothingElse(String source) {
    TargetException readOnly =
        new TargetException(TargetException.Kind.NOT_WRITABLE, "/data/disk.img: read-only");

    assertThat(text(source).of(readOnly))
        .endsWith(": /data/disk.img: read-only")
        .doesNotContain("unable to write to file", "failed to pull image");
  }

  @Test
  void saysThatALargerVolumeIsRequired() {
    assertThat(text("http").of(new DiskTooLargeException(20, 10)))
        .isEqualTo(
            "Unable to convert source data to target format: virtual image size 20 is larger than"
                + " the reported available storage 10. A larger PVC is required");
  }

  @ParameterizedTest
  @CsvSource({
    "http, scratch space",
    "registry, scratch space",
    "s3, target file",
    "gcs, target file"
  })
  void saysThatPullingFailedWhenTheSourceBreaksOff(String source, String where) {
    String phase = "Unable to transfer source data to %s: failed to pull image: ".formatted(where);

    assertThat(text(source).of(new SourceException("http://x: reset", true)))
        .isEqualTo(phase + "http://x: reset");
    assertThat(text(source).of(new IOException("eof"))).isEqualTo(phase + "eof");
    assertThat(text(source).of(new IOException("x: failed to pull image: eof")))
        .isEqualTo(phase.replace("failed to pull image: ", "") + "x: failed to pull image: eof");
  }

  @Test
  void saysThatPullingFailedWhenWhatIsAroundTheImageIsDamaged() {
    IOException damaged = new DamagedStreamException(new MalformedImageException("x: gz: cut"));

    assertThat(text("s3").of(damaged))
        .isEqualTo(
            "Unable to transfer source data to target file: failed to pull image: x: gz: cut");
    assertThat(text("http", "IMPORTER_READY_FILE", "/shared/ready").of(damaged))
        .isEqualTo(CONVERSION + "x: gz: cut");
  }

  /** There the reference converts what it reads, and pulls nothing. */
  @Test
  void saysThatConversionFailedWhenTheContainerBesideItBreaksOff() {
    assertThat(
            text("http", "IMPORTER_READY_FILE", "/shared/ready")
                .of(new SourceException("http://localhost: reset", true)))
        .isEqualTo(CONVERSION + "http://localhost: reset");
  }

  @Test
  void saysThatTheFormatOrTheBackingFileIsInvalid() {
    assertThat(text("http").of(new UnsupportedFormatException("http://x/d", "qcow", "QCOW")))
        .startsWith(
            "Unable to convert source data to target format: "
                + "Invalid format qcow for image http://x/d")
        .endsWith("convert it with qemu-img convert -f qcow -O qcow2 first");
    assertThat(text("http").of(new OtherFileException("http://x/d", "backing file", "base", "")))
        .startsWith(
            "Unable to convert source data to target format: "
                + "Image http://x/d is invalid because it has invalid backing file base");
  }

  @Test
  void saysNothingTwiceThatTheSourceSaysItself() {
    String pulling = "docker://x: failed to pull image: ends at byte 5 of 9";

    assertThat(text("registry").of(new SourceException(pulling, true)))
        .isEqualTo("Unable to transfer source data to scratch space: " + pulling);
    assertThat(text("registry").of(new MalformedImageException(pulling)))
        .isEqualTo("Unable to transfer source data to scratch space: " + pulling);
  }

  @Test
  void saysThatConversionFailedWhenTheImageIsWrong() {
    assertThat(text("s3").of(new MalformedImageException("L1 size too big")))
        .isEqualTo(CONVERSION + "L1 size too big");
  }

  @Test
  void saysThatTheHeaderWasNoneWhenTheContentIsNoDisk() {
    assertThat(text("http").of(new WrongContentException("unexpected EOF: x")))
        .isEqualTo(
            "Unable to obtain information about data source: could not process image header:"
                + " unexpected EOF: x");
  }
}
