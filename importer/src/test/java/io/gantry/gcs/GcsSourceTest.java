package io.gantry.gcs;

import io.gantry.source.Source;
import io.gantry.testkit.SourceContract;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract of a source, over a store that wants tokens. */
final class GcsSourceTest extends SourceContract {

  @TempDir Path folder;
  private FakeStorage storage;

  @Override
  protected Source sourceOf(byte[] content) throws Exception {
    storage = FakeStorage.start().put("bucket/a folder/image é+%.qcow2", content);
    return GcsSource.connect(
        FakeStorage.options(
            storage.url("bucket/a%20folder/image%20%C3%A9+%25.qcow2"),
            Optional.of(storage.credentials(folder)),
            Map.of()));
  }

  @AfterEach
  void stop() {
    if (storage != null) {
      storage.close();
    }
  }
}
