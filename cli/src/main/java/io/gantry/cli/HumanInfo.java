package io.gantry.cli;

import io.gantry.image.ImageInfo;
import io.gantry.image.SnapshotInfo;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A description in the lines of {@code qemu-img info}. */
final class HumanInfo {

  private static final long MILLIS_PER_SECOND = 1000;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final PrintStream out;

  private HumanInfo(PrintStream out) {
    this.out = out;
  }

  static void print(Description description, PrintStream out) {
    new HumanInfo(out).print(description);
    out.flush();
  }

  private void print(Description description) {
    ImageInfo info = description.info();
    line("image", description.filename());
    line("file format", info.format());
    long size = description.virtualSize();
    line("virtual size", "%s (%d bytes)".formatted(ByteSize.human(size), size));
    description.actualSize().ifPresent(bytes -> line("disk size", ByteSize.human(bytes)));
    if (info.encrypted()) {
      line("encrypted", "yes");
    }
    if (info.clusterSize() > 0) {
      line("cluster_size", Integer.toString(info.clusterSize()));
    }
    if (info.dirty()) {
      line("cleanly shut down", "no");
    }
    info.backingFile().ifPresent(name -> printBacking(name, description));
    if (!info.snapshots().isEmpty()) {
      printSnapshots(info.snapshots());
    }
    if (!info.details().isEmpty()) {
      out.println("Format specific information:");
      printFields(info.details(), "    ");
    }
  }

  private void printBacking(String name, Description description) {
    String full = description.fullBackingFilename().orElse(name);
    line("backing file", full.equals(name) ? name : "%s (actual path: %s)".formatted(name, full));
    description.info().backingFormat().ifPresent(format -> line("backing file format", format));
  }

  private void printSnapshots(List<SnapshotInfo> snapshots) {
    out.println("Snapshot list:");
    out.printf("%-10s%-17s%8s%20s%13s%11s%n", "ID", "TAG", "VM SIZE", "DATE", "VM CLOCK", "ICOUNT");
    DateTimeFormatter date =
        DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
            .withZone(ZoneId.systemDefault());
    for (SnapshotInfo snapshot : snapshots) {
      out.printf(
          "%-9s %-16s %8s%20s%13s%11s%n",
          Printable.of(snapshot.id()),
          Printable.of(snapshot.name()),
          ByteSize.human(snapshot.vmStateSize()),
          date.format(Instant.ofEpochSecond(snapshot.dateSeconds())),
          vmClock(snapshot.vmClockNanos()),
          snapshot.icount() >= 0 ? Long.toString(snapshot.icount()) : "");
    }
  }

  private static String vmClock(long nanos) {
    long millis = nanos / NANOS_PER_MILLI;
    long seconds = millis / MILLIS_PER_SECOND;
    return String.format(
        Locale.ROOT,
        "%02d:%02d:%02d.%03d",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60,
        millis % MILLIS_PER_SECOND);
  }

  private void printFields(Map<?, ?> fields, String indent) {
    fields.forEach((name, value) -> printField(name.toString().replace('-', ' '), value, indent));
  }

  /** Without a switch over types, the first of which costs a JVM 17 ms. */
  private void printField(String name, Object value, String indent) {
    if (value instanceof Map<?, ?> fields) {
      out.println(indent + name + ":");
      printFields(fields, indent + "    ");
    } else if (value instanceof List<?> items) {
      out.println(indent + name + ":");
      for (int i = 0; i < items.size(); i++) {
        printField("[" + i + "]", items.get(i), indent + "    ");
      }
    } else {
      out.println(indent + name + ": " + Printable.of(value.toString()));
    }
  }

  private void line(String name, String value) {
    out.println(name + ": " + Printable.of(value));
  }
}
