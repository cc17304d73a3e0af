package io.gantry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.image.ImageTooLargeException;
import io.gantry.image.MalformedImageException;
import io.gantry.image.UnsupportedImageException;
import io.gantry.source.DigestMismatchException;
import io.gantry.source.ExpectedDigest;
import io.gantry.source.SourceException;
import io.gantry.target.TargetException;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class ExitStatusTest {

  @ParameterizedTest
  @MethodSource("failures")
  void givesEveryKindOfFailureItsNumber(Throwable failure, int code) {
    assertThat(ExitStatus.of(failure).code()).isEqualTo(code);
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new UsageException("x"), 2),
        Arguments.of(new SourceException("x", true), 3),
        Arguments.of(new SourceException("x", false), 3),
        Arguments.of(new MalformedImageException("x"), 4),
        Arguments.of(new UnsupportedImageException("x"), 4),
        Arguments.of(new ImageTooLargeException("x"), 4),
        Arguments.of(
            new DigestMismatchException("x", new ExpectedDigest("md5", "0".repeat(32)), "1"), 6),
        Arguments.of(new IOException("x"), 1),
        Arguments.of(new IllegalStateException("x"), 1),
        Arguments.of(new OutOfMemoryError("x"), 1));
  }

  @ParameterizedTest
  @EnumSource
  void countsEveryProblemOfTheTargetAsOne(TargetException.Kind kind) {
    assertThat(ExitStatus.of(new TargetException(kind, "x")).code()).isEqualTo(5);
  }

  @Test
  void tellsApartEveryStatus() {
    assertThat(Arrays.stream(ExitStatus.values()).map(ExitStatus::code)).doesNotHaveDuplicates();
  }

  @Test
  void compareKeepsOneForImagesThatDiffer() {
    Command compare = new CompareCommand();
    assertThat(compare.statusOf(new OutOfMemoryError("x")).code()).isEqualTo(2);
    assertThat(compare.statusOf(new SourceException("x", false)).code()).isEqualTo(3);
    assertThat(compare.statusOf(new MalformedImageException("x")).code()).isEqualTo(4);
  }
}
