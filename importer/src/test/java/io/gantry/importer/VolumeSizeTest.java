package io.gantry.importer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VolumeSizeTest {

  @ParameterizedTest
  @CsvSource({
    "0.06, 1073741824, 1012924416",
    "0.055, 1073741824, 1017118720",
    "0, 1073741824, 1073741824",
    "0, 1048577, 1048576",
    "0.06, 0, 0"
  })
  void leavesTheOverheadToTheFileSystem(double overhead, long space, long usable) {
    assertThat(VolumeSize.usable(overhead, space)).isEqualTo(usable);
  }

  @ParameterizedTest
  @CsvSource({"0.06, 1073741824, 1138166334", "0, 1, 1048576", "0.5, 1048576, 1572864"})
  void addsTheOverheadToTheDisk(double overhead, long size, long required) {
    assertThat(VolumeSize.required(overhead, size)).isEqualTo(required);
  }
}
