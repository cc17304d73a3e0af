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
  void leavesOutNamesThatNoLabelMayHave() {
    assertThat(
            ImageLabels.of(
                List.of(
                    "KUBEVIRT_IO_=x",
                    "KUBEVIRT_IO_A_=x",
                    "A__B_KUBEVIRT_IO_C=x",
                    "A!_KUBEVIRT_IO_C=x",
                    "KUBEVIRT_IO_" + "A".repeat(64) + "=x",
                    "A".repeat(250) + "_KUBEVIRT_IO_B=x",
                    "KUBEVIRT_IO_" + "A".repeat(63) + "=x")))
        .containsOnlyKeys("kubevirt.io/" + "a".repeat(63));
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
