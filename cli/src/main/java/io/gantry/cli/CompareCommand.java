package io.gantry.cli;

import com.google.gson.stream.JsonWriter;
import io.gantry.format.OpenOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/** {@code gantry compare}: would a guest see the same disk in both images? */
final class CompareCommand implements Command {

  private static final OptionSpec FORMAT_A =
      OptionSpec.choice("source-format", "raw|qcow2", "Take A as this format; told by magic")
          .withLetter("f");
  private static final OptionSpec FORMAT_B =
      OptionSpec.choice("other-format", "raw|qcow2", "Take B as this format; told by magic")
          .withLetter("F");
  private static final OptionSpec SNAPSHOT =
      OptionSpec.value("snapshot", "NAME|ID", "Read this internal snapshot of A");
  private static final OptionSpec STRICT =
      OptionSpec.flag("strict", "Sizes and allocation must be the same too").withLetter("s");

  /** One number above 1, which means different here. */
  private static final ExitStatus OTHER_FAILURE = ExitStatus.USAGE;

  @Override
  public String name() {
    return "compare";
  }

  @Override
  public String summary() {
    return "Compare the disks in two images";
  }

  @Override
  public List<String> operands() {
    return List.of("A", "B");
  }

  @Override
  public List<OptionGroup> optionGroups() {
    return List.of(
        new OptionGroup(
            "Image",
            FORMAT_A,
            FORMAT_B,
            SNAPSHOT,
            ImageOptions.ALLOW_BACKING,
            ImageOptions.ALLOW_DATA_FILE,
            STRICT),
        HttpOptions.GROUP,
        StoreOptions.GROUP,
        new OptionGroup("Run", OutputOption.OUTPUT));
  }

  @Override
  public String notes() {
    return InspectNotes.COMPARE;
  }

  @Override
  public ExitStatus run(Arguments arguments, Shell shell) throws IOException {
    OpenOptions optionsOfA =
        ImageOptions.openOptions(arguments, FORMAT_A, arguments.value(SNAPSHOT.name()));
    OpenOptions optionsOfB = ImageOptions.openOptions(arguments, FORMAT_B, Optional.empty());
    try (ImageOperand a = ImageOperand.open(arguments.operand(0), optionsOfA, arguments, shell);
        ImageOperand b = ImageOperand.open(arguments.operand(1), optionsOfB, arguments, shell)) {
      Comparison comparison = new Comparison(a.image(), b.image(), arguments.has(STRICT.name()));
      Comparison.Result result = comparison.run();
      if (OutputOption.json(arguments)) {
        printJson(comparison, result, shell.out());
      } else {
        printHuman(comparison, result, shell.out());
      }
      return result instanceof Comparison.Identical ? ExitStatus.DONE : ExitStatus.FAILED;
    }
  }

  @Override
  public ExitStatus statusOf(Throwable failure) {
    ExitStatus status = ExitStatus.of(failure);
    return status == ExitStatus.FAILED ? OTHER_FAILURE : status;
  }

  private static void printHuman(Comparison comparison, Comparison.Result result, PrintStream out) {
    if (!comparison.sameSize() && !comparison.strict()) {
      out.println("Warning: Image size mismatch!");
    }
    out.println(
        switch (result) {
          case Comparison.Identical _ -> "Images are identical.";
          case Comparison.ContentDiffers(long offset) ->
              "Content mismatch at offset %d!".formatted(offset);
          case Comparison.SizeDiffers _ -> "Strict mode: Image size mismatch!";
          case Comparison.AllocationDiffers(long offset) ->
              "Strict mode: Offset %d block status mismatch!".formatted(offset);
        });
    out.flush();
  }

  private static void printJson(Comparison comparison, Comparison.Result result, PrintStream out)
      throws IOException {
    JsonOutput.print(out, json -> write(json, comparison, result));
  }

  private static void write(JsonWriter json, Comparison comparison, Comparison.Result result)
      throws IOException {
    json.beginObject();
    json.name("identical").value(result instanceof Comparison.Identical);
    switch (result) {
      case Comparison.Identical _ -> {
        json.name("mismatch").nullValue();
        json.name("mismatch-offset").nullValue();
      }
      case Comparison.ContentDiffers(long offset) -> {
        json.name("mismatch").value("content");
        json.name("mismatch-offset").value(offset);
      }
      case Comparison.SizeDiffers _ -> {
        json.name("mismatch").value("size");
        json.name("mismatch-offset").nullValue();
      }
      case Comparison.AllocationDiffers(long offset) -> {
        json.name("mismatch").value("allocation");
        json.name("mismatch-offset").value(offset);
      }
    }
    json.name("virtual-sizes").beginArray();
    json.value(comparison.sizeA()).value(comparison.sizeB()).endArray();
    json.endObject();
  }
}
