package io.gantry.cli;

import io.gantry.image.Image;
import java.io.IOException;
import java.util.List;

/** {@code gantry map}: where the guest's data lies in an image. */
final class MapCommand implements Command {

  @Override
  public String name() {
    return "map";
  }

  @Override
  public String summary() {
    return "Show which parts of the disk an image stores, and where";
  }

  @Override
  public List<String> operands() {
    return List.of("IMAGE");
  }

  @Override
  public List<OptionGroup> optionGroups() {
    return List.of(
        ImageOptions.GROUP,
        HttpOptions.GROUP,
        StoreOptions.GROUP,
        new OptionGroup("Run", OutputOption.OUTPUT));
  }

  @Override
  public String notes() {
    return InspectNotes.MAP;
  }

  @Override
  public ExitStatus run(Arguments arguments, Shell shell) throws IOException {
    try (ImageOperand operand =
            ImageOperand.open(
                arguments.operand(0), ImageOptions.openOptions(arguments), arguments, shell);
        MapOutput output =
            OutputOption.json(arguments) ? new JsonMap(shell.out()) : new HumanMap(shell.out())) {
      Image image = operand.image();
      long virtualSize = image.info().virtualSize();
      MapMerger merger = new MapMerger(output, virtualSize);
      image.layout(0, virtualSize, merger);
      merger.end();
    }
    return ExitStatus.DONE;
  }
}
