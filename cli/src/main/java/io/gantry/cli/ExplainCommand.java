package io.gantry.cli;

import io.gantry.source.Source;
import io.gantry.transfer.Preflight;
import io.gantry.transfer.TransferOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/** {@code gantry explain}: what a conversion or import would do; moves no data. */
final class ExplainCommand implements Command {

  private static final OptionSpec OVERHEAD =
      OptionSpec.value("overhead", "FRACTION", "File system's share of a volume; 0.06, as in CDI");

  private static final double OVERHEAD_DEFAULT = 0.06;

  @Override
  public String name() {
    return "explain";
  }

  @Override
  public String summary() {
    return "Say what a conversion would do and need, without moving data";
  }

  @Override
  public List<String> operands() {
    return List.of("SOURCE", "[TARGET]");
  }

  @Override
  public List<OptionGroup> optionGroups() {
    return List.of(
        ImageOptions.GROUP,
        new OptionGroup("Volume", OVERHEAD),
        HttpOptions.GROUP,
        StoreOptions.GROUP,
        ContainerOptions.GROUP,
        new OptionGroup("Run", OutputOption.OUTPUT));
  }

  @Override
  public String notes() {
    return """
    Resolves the source, follows its redirects, checks certificates and credentials, and reads
    the image's header: where it is, whether it can be read at any position and taken up again,
    what it holds, whether scratch space is needed, how large a volume must be.

    Examples:
      gantry explain https://example.org/debian.qcow2
      gantry explain --output json disk.raw.xz /dev/vg0/guest
    """;
  }

  @Override
  public ExitStatus run(Arguments arguments, Shell shell) throws IOException {
    TransferOptions options =
        new TransferOptions(
            ImageOptions.openOptions(arguments),
            TransferOptions.DEFAULT.size(),
            Optional.empty(),
            TransferOptions.DEFAULT.threads(),
            Optional.empty(),
            Optional.empty());
    try (Source source = Sources.open(arguments.operand(0), arguments, shell)) {
      boolean ranges = source.ranges().isPresent();
      Preflight image = Preflight.of(source, options);
      Explanation explanation =
          Explanation.of(
              source,
              GivenCredentials.describe(arguments.operand(0), arguments),
              image,
              ranges,
              overhead(arguments),
              target(arguments));
      if (OutputOption.json(arguments)) {
        JsonOutput.print(shell.out(), json -> ExplanationJson.write(json, explanation));
      } else {
        print(explanation, shell.out());
      }
    }
    return ExitStatus.DONE;
  }

  private static double overhead(Arguments arguments) {
    Optional<String> text = arguments.value(OVERHEAD.name());
    if (text.isEmpty()) {
      return OVERHEAD_DEFAULT;
    }
    try {
      double overhead = Double.parseDouble(text.get());
      if (overhead >= 0 && overhead < 1) {
        return overhead;
      }
    } catch (NumberFormatException _) {
      // told below
    }
    throw new UsageException("--overhead %s: must be a fraction, 0 to 1".formatted(text.get()));
  }

  private static Optional<TargetView> target(Arguments arguments) throws IOException {
    return arguments.operands().size() < 2
        ? Optional.empty()
        : Optional.of(TargetView.of(arguments.operand(1)));
  }

  private static void print(Explanation explanation, PrintStream out) {
    Preflight image = explanation.image();
    line(out, "source", explanation.source());
    explanation.length().ifPresent(bytes -> line(out, "length", size(bytes)));
    explanation.details().forEach(detail -> line(out, "", detail));
    explanation.credentials().ifPresent(kind -> line(out, "credentials", kind));
    line(out, "ranges", explanation.ranges() ? "yes" : "no, it is read once, in order");
    line(
        out,
        "restart",
        explanation.identity().isPresent() && image.compressions().isEmpty()
            ? "an interrupted import goes on where it stopped"
            : "an interrupted import starts anew");
    String wrapping = image.compressions().isEmpty() ? "" : " in " + image.compressions();
    line(out, "image", image.format() + wrapping);
    if (image.virtualSize().isPresent()) {
      line(out, "virtual size", size(image.virtualSize().getAsLong()));
    } else {
      line(out, "virtual size", "known when all of it is decompressed");
    }
    explanation.alignment().ifPresent(alignment -> line(out, "alignment", alignment.text()));
    line(out, "plan", plan(image));
    line(out, "scratch space", image.scratchReason().map(why -> "needed: " + why).orElse("none"));
    explanation
        .volumeSize()
        .ifPresent(
            bytes ->
                line(
                    out,
                    "volume",
                    "at least %s with an overhead of %s"
                        .formatted(size(bytes), explanation.overhead())));
    explanation.target().ifPresent(target -> print(target, explanation, out));
    out.flush();
  }

  private static String plan(Preflight image) {
    return switch (image.plan()) {
      case "ranges" -> "by ranges, only what is in use";
      case "stream" -> "in one pass";
      default -> "through scratch space";
    };
  }

  private static void print(TargetView target, Explanation explanation, PrintStream out) {
    String fit =
        explanation
            .fits()
            .map(fits -> fits ? ", the disk fits" : ", too small for the disk")
            .orElse("");
    line(
        out,
        "target",
        "%s, %s with room for %s%s"
            .formatted(target.path(), target.kind(), size(target.capacity()), fit));
    target.sector().ifPresent(sector -> line(out, "", explanation.sectors(sector)));
  }

  private static String size(long bytes) {
    return "%s (%d bytes)".formatted(ByteSize.human(bytes), bytes);
  }

  private static void line(PrintStream out, String name, String value) {
    out.println("%-14s %s".formatted(name, Printable.of(value)).stripTrailing());
  }
}
