package io.gantry.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.codec.LibraryException;
import io.gantry.image.MalformedImageException;
import io.gantry.source.SourceException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class PullFailureTest {

  private final PullFailure failures = new PullFailure("docker://here/disk");

  @Test
  void saysWhichImageCannotBePulled() {
    IOException told = failures.of(new SourceException("refused", false));

    assertThat(told)
        .hasMessage("docker://here/disk: failed to pull image: refused")
        .isInstanceOfSatisfying(
            SourceException.class, source -> assertThat(source.retryable()).isFalse());
  }

  @Test
  void doesNotNameTheImageTwice() {
    IOException failure = new MalformedImageException("docker://here/disk: cut short");

    assertThat(failures.of(failure)).isSameAs(failure);
  }

  @Test
  void cleansWhatNamesTheImageAlready() {
    IOException told = failures.of(new MalformedImageException("docker://here/disk: a\u0000\nb"));

    assertThat(told)
        .hasMessage("docker://here/disk: a b")
        .isInstanceOf(MalformedImageException.class);
  }

  @Test
  void blamesNoImageForTheInstallation() {
    IOException failure = new LibraryException("no libzstd", new UnsatisfiedLinkError());

    assertThat(failures.of(failure)).isSameAs(failure);
  }
}
