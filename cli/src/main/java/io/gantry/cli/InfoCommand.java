package io.gantry.cli;

import io.gantry.format.ImageOpener;
import io.gantry.format.OpenOptions;
import io.gantry.image.ImageInfo;
import io.gantry.io.FileInput;
import io.gantry.source.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** {@code gantry info}: what an image says of itself, also one that would not be converted. */
final class InfoCommand implements Command {

  @Override
  public String name() {
    return "info";
  }

  @Override
  public String summary() {
    return "Describe an image, without opening any file it names";
  }

  @Override
  public List<String> operands() {
    return List.of("IMAGE");
  }

  @Override
  public List<OptionGroup> optionGroups() {
    return List.of(
        new OptionGroup("Image", ImageOptions.SOURCE_FORMAT),
        HttpOptions.GROUP,
        StoreOptions.GROUP,
        new OptionGroup("Run", OutputOption.OUTPUT));
  }

  @Override
  public String notes() {
    return InspectNotes.INFO;
  }

  @Override
  public ExitStatus run(Arguments arguments, Shell shell) throws IOException {
    String operand = arguments.operand(0);
    OpenOptions options = ImageOptions.openOptions(arguments);
    try (Source source = Sources.open(operand, arguments, shell)) {
      ImageInfo info = ImageOpener.info(Sources.ranges(source), options);
      Description description = new Description(operand, info, actualSize(operand));
      if (OutputOption.json(arguments)) {
        JsonInfo.print(description, shell.out());
      } else {
        HumanInfo.print(description, shell.out());
      }
    }
    return ExitStatus.DONE;
  }

  private static OptionalLong actualSize(String operand) throws IOException {
    Optional<Path> path = Sources.localPath(operand);
    return path.isPresent() ? FileInput.allocatedBytes(path.get()) : OptionalLong.empty();
  }
}
