package io.gantry.cli;

import io.gantry.codec.XzWarmUp;
import io.gantry.source.ExpectedDigest;
import io.gantry.source.Source;
import io.gantry.target.Preallocation;
import io.gantry.target.Target;
import io.gantry.target.TargetOptions;
import io.gantry.target.Targets;
import io.gantry.transfer.Progress;
import io.gantry.transfer.Receipt;
import io.gantry.transfer.Transfer;
import io.gantry.transfer.TransferOptions;
import io.gantry.transfer.TransferResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** {@code gantry convert}: one disk from a source to a target. */
final class ConvertCommand implements Command {

  private static final OptionSpec CHECKSUM =
      OptionSpec.value(
          "checksum", "ALGO:HEX", "Refuse a source whose bytes have another digest than this");
  private static final OptionSpec NO_CONTENT_GUARD =
      OptionSpec.flag("no-content-guard", "Take a page or document from a web server as a disk");
  private static final OptionSpec SIZE =
      OptionSpec.value("size", "SIZE", "Grow the disk to SIZE; it never shrinks");
  private static final OptionSpec PREALLOCATION =
      OptionSpec.choice("preallocation", "off|falloc|full", "Claim the room at the target; off");
  private static final OptionSpec DIRECT =
      OptionSpec.flag("direct", "Write past the page cache (O_DIRECT)");
  private static final OptionSpec FORCE =
      OptionSpec.flag("force", "Overwrite an existing target file");
  private static final OptionSpec DIGEST =
      OptionSpec.value("digest", "ALGO", "Compute the digest of the finished disk");
  private static final OptionSpec SCRATCH =
      OptionSpec.value("scratch", "DIR", "Keep temporary files here, if any are needed");
  private static final OptionSpec THREADS =
      OptionSpec.value("threads", "N", "Decode and write with N threads; as many as processors");
  private static final OptionSpec PROGRESS =
      OptionSpec.choice(
          "progress", "auto|plain|json|none", "Show progress on standard error; auto is a bar");

  @Override
  public String name() {
    return "convert";
  }

  @Override
  public String summary() {
    return "Write the disk in an image to a file or block device";
  }

  @Override
  public List<String> operands() {
    return List.of("SOURCE", "TARGET");
  }

  @Override
  public List<OptionGroup> optionGroups() {
    return List.of(
        ImageOptions.GROUP,
        new OptionGroup("Source", CHECKSUM, NO_CONTENT_GUARD),
        new OptionGroup("Target", SIZE, PREALLOCATION, DIRECT, FORCE, DIGEST),
        HttpOptions.GROUP,
        StoreOptions.GROUP,
        ContainerOptions.GROUP,
        new OptionGroup("Run", SCRATCH, THREADS, PROGRESS, OutputOption.OUTPUT));
  }

  @Override
  public String notes() {
    return ConvertNotes.TEXT;
  }

  @Override
  public ExitStatus run(Arguments arguments, Shell shell) throws IOException {
    long startNanos = System.nanoTime();
    TransferOptions options = transferOptions(arguments);
    TargetOptions targetOptions = targetOptions(arguments);
    ProgressMode mode = ProgressMode.of(arguments.valueOr(PROGRESS.name(), "auto"), shell);
    Path targetPath = targetPath(arguments);
    XzWarmUp.startFor(arguments.operand(0));

    Progress progress = new Progress();
    try (Target target = Targets.open(targetPath, targetOptions);
        Source source = Sources.open(arguments.operand(0), arguments, shell);
        ProgressDisplay display = ProgressDisplay.start(mode, progress, shell);
        Interruption interruption = Interruption.watch(target, targetPath, display, shell.err())) {
      TransferResult result;
      try {
        result = Transfer.run(source, target, options, progress);
      } catch (IOException | RuntimeException e) {
        if (interruption.happened()) {
          return ExitStatus.FAILED;
        }
        throw e;
      }
      display.end();
      return report(result, source, targetPath, arguments, shell, startNanos);
    }
  }

  private static ExitStatus report(
      TransferResult result,
      Source source,
      Path targetPath,
      Arguments arguments,
      Shell shell,
      long startNanos)
      throws IOException {
    // Not a switch: the first one over types costs a JVM 17 ms, a twentieth of a usual run.
    if (result instanceof TransferResult.Done(Receipt receipt)) {
      double seconds = (System.nanoTime() - startNanos) / 1e9;
      Summary summary = new Summary(receipt, targetPath.toString(), seconds, PeakMemory.bytes());
      if (OutputOption.json(arguments)) {
        JsonReceipt.print(summary, shell.out());
      } else {
        HumanReceipt.print(summary, shell.out());
      }
      return ExitStatus.DONE;
    }
    String reason = ((TransferResult.ScratchRequired) result).reason();
    ErrorLine.print(
        shell.err(),
        "%s: scratch space required: %s; give --scratch DIR".formatted(source.name(), reason));
    return ExitStatus.SCRATCH;
  }

  private static TransferOptions transferOptions(Arguments arguments) {
    TransferOptions options =
        new TransferOptions(
            ImageOptions.openOptions(arguments),
            arguments
                .value(SIZE.name())
                .map(size -> OptionalLong.of(ByteSize.parse(size)))
                .orElse(OptionalLong.empty()),
            arguments.value(SCRATCH.name()).map(ConvertCommand::scratchDirectory),
            arguments
                .value(THREADS.name())
                .map(threads -> Numbers.between(THREADS, threads, 1, 256))
                .orElse(TransferOptions.DEFAULT.threads()),
            arguments.value(CHECKSUM.name()).map(ConvertCommand::checksum),
            arguments.value(DIGEST.name()).map(ConvertCommand::digestAlgorithm));
    return options.withContentGuard(guardsContent(arguments));
  }

  /** A web server may answer with a page of its own; what lies in a file, its owner chose. */
  private static boolean guardsContent(Arguments arguments) {
    return Sources.isRemote(arguments.operand(0)) && !arguments.has(NO_CONTENT_GUARD.name());
  }

  private static TargetOptions targetOptions(Arguments arguments) {
    String preallocation = arguments.valueOr(PREALLOCATION.name(), "off");
    return new TargetOptions(
        Preallocation.valueOf(preallocation.toUpperCase(Locale.ROOT)),
        arguments.has(DIRECT.name()),
        arguments.has(FORCE.name()));
  }

  private static Path targetPath(Arguments arguments) throws IOException {
    String operand = arguments.operand(1);
    if (operand.equals("-")) {
      throw new UsageException("TARGET cannot be a pipe: a disk is not written in order");
    }
    Path target = Sources.path(operand);
    Optional<Path> source = Sources.localPath(arguments.operand(0));
    if (source.isPresent()
        && Files.exists(source.get())
        && Files.exists(target)
        && Files.isSameFile(source.get(), target)) {
      throw new UsageException(operand + ": SOURCE and TARGET are the same file");
    }
    return target;
  }

  private static Path scratchDirectory(String operand) {
    Path directory = Sources.path(operand);
    if (!Files.isDirectory(directory)) {
      throw new UsageException(operand + ": --scratch must be an existing directory");
    }
    return directory;
  }

  private static ExpectedDigest checksum(String text) {
    try {
      return ExpectedDigest.parse(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private static String digestAlgorithm(String name) {
    try {
      ExpectedDigest.newMessageDigest(name);
      return name.toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }
}
