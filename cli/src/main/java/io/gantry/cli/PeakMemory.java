package io.gantry.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The most memory this process has had resident. */
final class PeakMemory {

  /** proc(5): "Peak resident set size", as in {@code VmHWM: 52340 kB}. */
  private static final String FIELD = "VmHWM:";

  private PeakMemory() {}

  /** Returns bytes; nothing on systems that do not say. */
  static OptionalLong bytes() {
    Path status = Path.of("/proc/self/status");
    try {
      return Files.readAllLines(status, StandardCharsets.ISO_8859_1).stream()
          .filter(line -> line.startsWith(FIELD))
          .mapToLong(PeakMemory::parse)
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  private static long parse(String line) {
    return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
  }
}
