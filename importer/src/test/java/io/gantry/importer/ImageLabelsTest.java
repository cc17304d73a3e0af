package io.gantry.importer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ImageLabelsTest {

  @Test
  void turnsVariablesIntoLabels() {
    assertThat(
            ImageLabels.of(
                List.of(
                    "PATH=/bin",
                    "KUBEVIRT_IO_TEST_TEST=here",
                    "INSTANCETYPE_KUBEVIRT_IO_DEFAULT_PREFERENCE=fedora")))
        .isEqualTo(
            Map.of(
                "kubevirt.io/test-test", "here",
                "instancetype.kubevirt.io/default-preference", "fedora"));
  }

  @Test
  void leavesOutValuesThatNoLabelMayHave() {
    assertThat(
            ImageLabels.of(
                List.of("A_KUBEVIRT_IO_B=with blank", "A_KUBEVIRT_IO_C=" + "x".repeat(64))))
        .isEmpty();
  }

  @Test
  void takesAnEmptyValue() {
    assertThat(ImageLabels.of(List.of("A_KUBEVIRT_IO_B="))).containsEntry("a.kubevirt.io/b", "");
  }

  @Test
  void doesNotLookForTheMarkInValues() {
    assertThat(ImageLabels.of(List.of("NAME=KUBEVIRT_IO_X"))).isEmpty();
  }
}
