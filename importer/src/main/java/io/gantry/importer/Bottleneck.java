package io.gantry.importer;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What an import waits for: looks a few times a second at what the threads that copy are doing.
 * Where most of them are found most of the time is what would have to be faster.
 */
final class Bottleneck {

  private static final Duration INTERVAL = Duration.ofMillis(250);
  private static final String OURS = "io.gantry.";

  /** Where a thread can be found. */
  enum Stage {
    SOURCE,
    DECODE,
    TARGET;

    String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Map<Stage, Long> samples = new EnumMap<>(Stage.class);

  /** Starts looking, from a thread that does not outlive the import. */
  void start() {
    Thread.ofPlatform().daemon().name("bottleneck").start(this::watch);
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(INTERVAL);
        Thread.getAllStackTraces()
            .forEach((thread, stack) -> stageOf(thread.getName(), stack).ifPresent(this::count));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  synchronized void count(Stage stage) {
    samples.merge(stage, 1L, Long::sum);
  }

  /** Returns how often a thread was found at {@code stage}. */
  synchronized long samples(Stage stage) {
    return samples.getOrDefault(stage, 0L);
  }

  /** Returns where most threads were found, if any were. */
  synchronized Optional<Stage> worst() {
    return samples.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
  }

  /** Says what a copying thread is doing: its innermost call of ours tells. */
  static Optional<Stage> stageOf(String thread, StackTraceElement[] stack) {
    if (!thread.startsWith("copy-")) {
      return Optional.empty();
    }
    for (StackTraceElement call : stack) {
      if (call.getClassName().startsWith(OURS)) {
        return Optional.of(stageOf(call.getClassName().substring(OURS.length())));
      }
    }
    return Optional.empty();
  }

  /** A thread that waits for work waits for the source: nobody else hands out any. */
  private static Stage stageOf(String call) {
    if (call.startsWith("codec.")) {
      return Stage.DECODE;
    }
    return call.startsWith("target.") || call.startsWith("linux.") || call.startsWith("journal.")
        ? Stage.TARGET
        : Stage.SOURCE;
  }
}
