package io.gantry.source;

import io.gantry.testkit.SourceContract;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class FileSourceContractTest extends SourceContract {

  @TempDir Path folder;

  @Override
  protected Source sourceOf(byte[] content) throws Exception {
    return FileSource.open(Files.write(folder.resolve("image"), content));
  }
}
