package io.gantry.importer;

import io.gantry.format.ImageOpener;
import io.gantry.format.OpenOptions;
import io.gantry.io.FileInput;
import io.gantry.io.RandomAccessInput;
import io.gantry.runtime.Env;
import io.gantry.runtime.KlogFlags;
import io.gantry.runtime.TerminationLog;
import io.gantry.runtime.WorkerLog;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * {@code cdi-image-size-detection}: leaves the virtual size of a disk image, as a decimal number,
 * in the termination message. The controller turns each exit status into an event of its own.
 */
public final class SizeDetectionMain {

  private static final int BAD_ARGUMENTS = 1;
  private static final int UNREADABLE_IMAGE = 2;
  private static final int BAD_PATH = 3;
  private static final int TERMINATION_LOG = 4;

  private SizeDetectionMain() {}

  /** Runs and ends the process. */
  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments), Env.of(System.getenv()), System.err));
  }

  /** Runs it; returns the exit status of the process. */
  public static int run(List<String> arguments, Env env, PrintStream err) {
    KlogFlags flags;
    try {
      flags = KlogFlags.parse(arguments, Set.of("image-path", "scheme"));
    } catch (KlogFlags.UsageException e) {
      err.println(e.getMessage());
      return BAD_ARGUMENTS;
    }
    WorkerLog log = new WorkerLog(err, flags.verbosity());
    String operand = flags.own().getOrDefault("image-path", "");
    if (operand.isEmpty()) {
      log.error("-image-path is missing");
      return BAD_ARGUMENTS;
    }
    return detect(operand, ImporterPaths.of(env), log);
  }

  private static int detect(String operand, ImporterPaths paths, WorkerLog log) {
    Path image = paths.at(operand);
    if (!Files.isRegularFile(image)) {
      log.error(operand + ": no such file");
      return BAD_PATH;
    }
    long size;
    try (RandomAccessInput input = FileInput.open(image)) {
      size = VolumeSize.inSectors(ImageOpener.info(input, OpenOptions.DEFAULT).virtualSize());
    } catch (IOException e) {
      log.error(operand + ": " + e.getMessage());
      return UNREADABLE_IMAGE;
    }
    try {
      new TerminationLog(paths.terminationLog()).write(Long.toString(size));
      return 0;
    } catch (IOException e) {
      log.error("termination message cannot be written: " + e.getMessage());
      return TERMINATION_LOG;
    }
  }
}
