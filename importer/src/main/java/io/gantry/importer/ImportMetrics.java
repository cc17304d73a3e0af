package io.gantry.importer;

import io.gantry.source.Source;
import io.gantry.transfer.Progress;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The page of metrics. Its first line of numbers is read by the controller with a regular
 * expression: one label, no blanks inside the braces, one before the number, plain decimals.
 */
final class ImportMetrics {

  static final String PROGRESS = "kubevirt_cdi_import_progress_total";

  private static final double DONE = 100;

  private final String ownerUid;
  private final Progress progress;
  private final long startNanos = System.nanoTime();
  private final Bottleneck bottleneck;
  private volatile @Nullable Source source;
  private double percent;

  ImportMetrics(String ownerUid, Progress progress, Bottleneck bottleneck) {
    this.ownerUid = ownerUid;
    this.progress = progress;
    this.bottleneck = bottleneck;
  }

  /** Tells what is read: its length is the measure while the disk's size is not known. */
  void reading(Source opened) {
    source = opened;
  }

  /** Says that the import is complete. */
  synchronized void complete() {
    percent = DONE;
  }

  /** Returns the page in the text format of Prometheus. */
  String page() {
    Progress.Counts counts = progress.counts();
    StringBuilder page = new StringBuilder();
    metric(page, PROGRESS, "counter", "The import progress in percentage");
    page.append("%s{ownerUID=\"%s\"} %s\n".formatted(PROGRESS, ownerUid, percent(counts)));
    plain(page, "gantry_import_read_bytes_total", "Bytes read from the source", counts.bytesRead());
    plain(page, "gantry_import_data_bytes_total", "Bytes of data written", counts.dataBytes());
    plain(page, "gantry_import_zero_bytes_total", "Bytes actively zeroed", counts.zeroBytes());
    plain(
        page,
        "gantry_import_skipped_bytes_total",
        "Bytes that read as zero without being written",
        counts.skippedBytes());
    plain(page, "gantry_import_scratch_bytes_total", "Scratch bytes", counts.scratchBytes());
    Source read = source;
    plain(
        page,
        "gantry_import_retries_total",
        "Requests sent again after a failure",
        read == null ? 0 : read.retries());
    rate(page, counts);
    phases(page, counts.phase());
    stages(page);
    return page.toString();
  }

  private synchronized String percent(Progress.Counts counts) {
    percent = Math.max(percent, Math.min(fraction(counts) * DONE, 99.99));
    return BigDecimal.valueOf(percent)
        .setScale(2, RoundingMode.DOWN)
        .stripTrailingZeros()
        .toPlainString();
  }

  private double fraction(Progress.Counts counts) {
    boolean copying = counts.phase() == Progress.Phase.COPY;
    if (copying && counts.workTotal() > 0) {
      return (double) counts.workDone() / counts.workTotal();
    }
    Source read = source;
    long length = read == null ? 0 : read.length().orElse(0);
    return copying && length > 0 ? (double) counts.bytesRead() / length : 0;
  }

  private void rate(StringBuilder page, Progress.Counts counts) {
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    long rate = Math.round(counts.bytesRead() / Math.max(seconds, 1e-3));
    metric(
        page,
        "gantry_import_read_bytes_per_second",
        "gauge",
        "Bytes read from the source a second, since the start");
    page.append("gantry_import_read_bytes_per_second ").append(rate).append('\n');
  }

  private static void phases(StringBuilder page, Progress.Phase current) {
    metric(page, "gantry_import_phase", "gauge", "1 for what the import is busy with");
    for (Progress.Phase phase : Progress.Phase.values()) {
      String name = phase.name().toLowerCase(Locale.ROOT);
      int value = phase == current ? 1 : 0;
      page.append("gantry_import_phase{phase=\"%s\"} %d\n".formatted(name, value));
    }
  }

  private void stages(StringBuilder page) {
    String name = "gantry_import_busy_samples_total";
    metric(page, name, "counter", "How often a copying thread was found waiting for, or busy with");
    for (Bottleneck.Stage stage : Bottleneck.Stage.values()) {
      long samples = bottleneck.samples(stage);
      page.append("%s{stage=\"%s\"} %d\n".formatted(name, stage.id(), samples));
    }
    metric(page, "gantry_import_bottleneck", "gauge", "1 for where copying threads are found most");
    for (Bottleneck.Stage stage : Bottleneck.Stage.values()) {
      int value = bottleneck.worst().equals(Optional.of(stage)) ? 1 : 0;
      page.append("gantry_import_bottleneck{stage=\"%s\"} %d\n".formatted(stage.id(), value));
    }
  }

  private static void plain(StringBuilder page, String name, String help, long value) {
    metric(page, name, "counter", help);
    page.append(name).append(' ').append(value).append('\n');
  }

  private static void metric(StringBuilder page, String name, String type, String help) {
    page.append("# HELP %s %s\n# TYPE %s %s\n".formatted(name, help, name, type));
  }
}
