package io.gantry.importer;

import io.gantry.transfer.Progress;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.OptionalLong;

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
  private volatile OptionalLong sourceLength = OptionalLong.empty();
  private double percent;

  ImportMetrics(String ownerUid, Progress progress) {
    this.ownerUid = ownerUid;
    this.progress = progress;
  }

  /** Tells how many bytes the source has, for progress while the disk's size is not known. */
  void sourceLength(OptionalLong length) {
    sourceLength = length;
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
    rate(page, counts);
    phases(page, counts.phase());
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
    long length = sourceLength.orElse(0);
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

  private static void plain(StringBuilder page, String name, String help, long value) {
    metric(page, name, "counter", help);
    page.append(name).append(' ').append(value).append('\n');
  }

  private static void metric(StringBuilder page, String name, String type, String help) {
    page.append("# HELP %s %s\n# TYPE %s %s\n".formatted(name, help, name, type));
  }
}
