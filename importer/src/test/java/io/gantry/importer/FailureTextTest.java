package io.gantry.importer;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.image.MalformedImageException;
import io.gantry.image.OtherFileException;
import io.gantry.image.UnsupportedFormatException;
import io.gantry.source.SourceException;
import io.gantry.target.TargetException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The substrings that the control plane looks for in failures. */
final class FailureTextTest {

  @Test
  void saysNoSpaceLeftInLowerCase() {
    TargetException full =
        new TargetException(
            TargetException.Kind.FULL, "/data/disk.img: cannot write: no space left on device");

    assertThat(FailureText.of(full))
        .isEqualTo(
            "Unable to transfer source data to target file: unable to write to file: "
                + "/data/disk.img: cannot write: no space left on device");
  }

  @Test
  void saysThatALargerVolumeIsRequired() {
    assertThat(FailureText.of(new DiskTooLargeException(20, 10)))
        .isEqualTo(
            "Unable to convert source data to target format: virtual image size 20 is larger than"
                + " the reported available storage 10. A larger PVC is required");
  }

  @Test
  void saysThatPullingFailedWhenTheSourceBreaksOff() {
    assertThat(FailureText.of(new SourceException("http://x: reset", true)))
        .contains("failed to pull image: http://x: reset");
    assertThat(FailureText.of(new IOException("eof"))).contains("failed to pull image: eof");
  }

  @Test
  void saysThatTheFormatOrTheBackingFileIsInvalid() {
    assertThat(FailureText.of(new UnsupportedFormatException("http://x/d", "qcow", "QCOW")))
        .startsWith(
            "Unable to convert source data to target format: "
                + "Invalid format qcow for image http://x/d")
        .endsWith("convert it with qemu-img convert -f qcow -O qcow2 first");
    assertThat(FailureText.of(new OtherFileException("http://x/d", "backing file", "base", "")))
        .startsWith(
            "Unable to convert source data to target format: "
                + "Image http://x/d is invalid because it has invalid backing file base");
  }

  @Test
  void saysThatConversionFailedWhenTheImageIsWrong() {
    assertThat(FailureText.of(new MalformedImageException("L1 size too big")))
        .isEqualTo(
            "Unable to convert source data to target format: Conversion to Raw failed: "
                + "L1 size too big");
  }
}
