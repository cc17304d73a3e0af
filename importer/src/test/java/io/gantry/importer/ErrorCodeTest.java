package io.gantry.importer;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.codec.LibraryException;
import io.gantry.image.MalformedImageException;
import io.gantry.image.UnsupportedImageException;
import io.gantry.source.SourceException;
import io.gantry.target.TargetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

final class ErrorCodeTest {

  private static final Path CATALOGUE = Path.of("../docs/errors.md");

  @Test
  void theCatalogueHasEveryCodeAndSaysTheSameOfRetries() throws IOException {
    List<String> rows =
        Files.readAllLines(CATALOGUE).stream()
            .filter(line -> line.startsWith("| G"))
            .map(
                line ->
                    line.substring(2, 6) + line.substring(line.lastIndexOf('|', line.length() - 3)))
            .toList();

    assertThat(rows)
        .containsExactlyElementsOf(
            Arrays.stream(ErrorCode.values())
                .map(code -> code.code() + "| " + (code.retryHelps() ? "yes" : "no") + " |")
                .toList());
  }

  @Test
  void knowsFailuresByTheirKind() {
    assertThat(ErrorCode.of(new MalformedImageException("x"))).isEqualTo(ErrorCode.IMAGE_MALFORMED);
    assertThat(ErrorCode.of(new UnsupportedImageException("x")))
        .isEqualTo(ErrorCode.IMAGE_UNSUPPORTED);
    assertThat(ErrorCode.of(new DiskTooLargeException(2, 1))).isEqualTo(ErrorCode.DISK_TOO_LARGE);
    assertThat(ErrorCode.of(new TargetException(TargetException.Kind.FULL, "x")))
        .isEqualTo(ErrorCode.VOLUME_FULL);
    assertThat(ErrorCode.of(new SourceException("x", true)))
        .isEqualTo(ErrorCode.SOURCE_UNREACHABLE);
    assertThat(ErrorCode.of(new SourceException("x", false, new SSLHandshakeException("y"))))
        .isEqualTo(ErrorCode.SOURCE_TLS);
    assertThat(ErrorCode.of(new LibraryException("x", new UnsatisfiedLinkError())))
        .isEqualTo(ErrorCode.INSTALLATION);
    assertThat(ErrorCode.of(new IllegalStateException())).isEqualTo(ErrorCode.INTERNAL);
  }
}
