package io.gantry.cli;

import java.io.PrintStream;

/** The table of {@code qemu-img map}: what is stored, with hexadecimal offsets. */
final class HumanMap implements MapOutput {

  private static final String LINE = "%-16s%-16s%-16s%s%n";

  private final PrintStream out;

  HumanMap(PrintStream out) {
    this.out = out;
    out.printf(LINE, "Offset", "Length", "Mapped to", "File");
  }

  @Override
  public void entry(MapEntry entry) {
    if (entry.data()) {
      String mappedTo = entry.compressed() ? "compressed" : hex(entry.offset());
      out.printf(
          LINE, hex(entry.start()), hex(entry.length()), mappedTo, Printable.of(entry.file()));
    }
  }

  @Override
  public void close() {
    out.flush();
  }

  /** As C's {@code %#x} writes it: zero has no prefix. */
  private static String hex(long value) {
    return value == 0 ? "0" : "0x" + Long.toHexString(value);
  }
}
