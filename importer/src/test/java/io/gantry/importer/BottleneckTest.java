package io.gantry.importer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BottleneckTest {

  private static StackTraceElement[] stack(String... classes) {
    return Arrays.stream(classes)
        .map(name -> new StackTraceElement(name, "call", null, 1))
        .toArray(StackTraceElement[]::new);
  }

  @ParameterizedTest
  @CsvSource({
    "sun.nio.ch.SocketDispatcher, io.gantry.http.Exchange, SOURCE",
    "jdk.internal.misc.Unsafe, io.gantry.transfer.Workers, SOURCE",
    "java.lang.Object, io.gantry.codec.Inflate, DECODE",
    "sun.nio.ch.FileDispatcherImpl, io.gantry.target.ChannelStorage, TARGET",
    "java.lang.Object, io.gantry.journal.WithheldTail, TARGET"
  })
  void tellsByTheInnermostCallOfOurs(String inner, String ours, Bottleneck.Stage stage) {
    assertThat(Bottleneck.stageOf("copy-0", stack(inner, ours, "io.gantry.transfer.Segment")))
        .contains(stage);
  }

  @Test
  void looksAtCopyingThreadsOnly() {
    assertThat(Bottleneck.stageOf("checkpoint", stack("io.gantry.target.FileTarget"))).isEmpty();
    assertThat(Bottleneck.stageOf("copy-1", stack("java.lang.Thread"))).isEmpty();
  }

  @Test
  void namesTheStageFoundMost() {
    Bottleneck bottleneck = new Bottleneck();
    assertThat(bottleneck.worst()).isEqualTo(Optional.empty());

    bottleneck.count(Bottleneck.Stage.TARGET);
    bottleneck.count(Bottleneck.Stage.DECODE);
    bottleneck.count(Bottleneck.Stage.DECODE);

    assertThat(bottleneck.worst()).contains(Bottleneck.Stage.DECODE);
    assertThat(bottleneck.samples(Bottleneck.Stage.SOURCE)).isZero();
  }
}
