package io.gantry.cli;

import io.gantry.importer.ImporterMain;
import java.util.List;

/** {@code gantry import}: the importer pod's work, here, from the same environment. */
final class ImportCommand implements WorkerCommand {

  @Override
  public String name() {
    return "import";
  }

  @Override
  public String summary() {
    return "Fill a volume as the importer pod does, from its environment variables";
  }

  @Override
  public List<String> operands() {
    return List.of();
  }

  @Override
  public List<OptionGroup> optionGroups() {
    return List.of();
  }

  @Override
  public String notes() {
    return """
    Everything comes from the environment, as CDI's controller sets it:
      IMPORTER_SOURCE, IMPORTER_ENDPOINT, IMPORTER_CONTENTTYPE, IMPORTER_IMAGE_SIZE,
      PREALLOCATION (always needed), FILESYSTEM_OVERHEAD, ... (docs/importer.md)
    GANTRY_ROOT=DIR moves /data, /scratch, /dev/termination-log and the like below DIR.
    The flags of the importer's container are taken, too: -v=3 logs more.

    Example:
      mkdir -p /tmp/pod/data /tmp/pod/dev
      GANTRY_ROOT=/tmp/pod IMPORTER_SOURCE=http PREALLOCATION=false \\
        IMPORTER_ENDPOINT=https://example.org/disk.qcow2 gantry import
    """;
  }

  @Override
  public int run(List<String> words, Shell shell) {
    // Help offers --verbose for every command; what it would add here, the log has anyway.
    List<String> flags = words.stream().filter(word -> !word.equals("--verbose")).toList();
    return ImporterMain.run(flags, shell.env(), shell.err());
  }
}
