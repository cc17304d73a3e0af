package io.gantry.importer;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.image.MalformedImageException;
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
  void saysNothingTwiceThatTheSourceSaysItself() {
    String pulling = "docker://x: failed to pull image: ends at byte 5 of 9";

    assertThat(FailureText.of(new SourceException(pulling, true)))
        .isEqualTo("Unable to transfer source data to target file: " + pulling);
    assertThat(FailureText.of(new MalformedImageException(pulling)))
        .isEqualTo("Unable to transfer source data to target file: " + pulling);
  }

  @Test
  void saysThatConversionFailedWhenTheImageIsWrong() {
    assertThat(FailureText.of(new MalformedImageException("L1 size too big")))
        .isEqualTo(
            "Unable to convert source data to target format: Conversion to Raw failed: "
                + "L1 size too big");
  }
}
