package io.gantry.importer;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.source.FileSource;
import io.gantry.source.Source;
import io.gantry.transfer.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImportMetricsTest {

  /** What the controller searches the page with. */
  private static final Pattern CONTROLLER =
      Pattern.compile(
          "(kubevirt_cdi_import_progress_total)\\{ownerUID\\=\"uid-1\"\\} (\\d{1,3}\\.?\\d*)");

  @TempDir private Path folder;

  private final Progress progress = new Progress();
  private final ImportMetrics metrics = new ImportMetrics("uid-1", progress, new Bottleneck());

  /** A source of this length, which nobody reads. */
  private Source sourceOf(int length) throws IOException {
    return FileSource.open(Files.write(folder.resolve("source"), new byte[length]));
  }

  private String percent() {
    Matcher matcher = CONTROLLER.matcher(metrics.page());
    assertThat(matcher.find()).isTrue();
    return matcher.group(2);
  }

  @Test
  void beginsWithNothing() {
    assertThat(percent()).isEqualTo("0");
  }

  @Test
  void countsGuestBytesWhenTheDiskIsKnown() {
    progress.enter(Progress.Phase.COPY, 10_000);
    progress.work(4_534);

    assertThat(percent()).isEqualTo("45.34");
  }

  @Test
  void countsSourceBytesUntilThen() throws IOException {
    metrics.reading(sourceOf(300));
    progress.enter(Progress.Phase.COPY, -1);
    progress.read(100);

    assertThat(percent()).isEqualTo("33.33");
  }

  @Test
  void neverGoesBackAndSaysHundredOnlyWhenDone() {
    progress.enter(Progress.Phase.COPY, 10);
    progress.work(10);
    assertThat(percent()).isEqualTo("99.99");

    progress.enter(Progress.Phase.SYNC, -1);
    assertThat(percent()).isEqualTo("99.99");

    metrics.complete();
    assertThat(percent()).isEqualTo("100");
  }

  @Test
  void writesVerySmallNumbersInPlainDecimals() {
    progress.enter(Progress.Phase.COPY, 1L << 40);
    progress.work(1);

    assertThat(percent()).isEqualTo("0");
  }

  @Test
  void hasItsOwnNumbersUnderOtherNames() {
    progress.read(7);

    assertThat(metrics.page())
        .contains("\ngantry_import_read_bytes_total 7\n")
        .contains("\ngantry_import_retries_total 0\n")
        .contains("\ngantry_import_bottleneck{stage=\"decode\"} 0\n")
        .contains("\ngantry_import_phase{phase=\"open\"} 1\n");
    assertThat(CONTROLLER.matcher(metrics.page()).results()).hasSize(1);
  }
}
