package io.gantry.http;

import io.gantry.source.Source;
import io.gantry.testkit.Nginx;
import io.gantry.testkit.SourceContract;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract of a source, of a server that does not know ranges. */
final class HttpSourceWithoutRangesTest extends SourceContract {

  @TempDir Path folder;
  private Nginx nginx;

  @Override
  protected Source sourceOf(byte[] content) throws Exception {
    Path root = Files.createDirectories(folder.resolve("root"));
    Files.write(root.resolve("image"), content);
    nginx = Nginx.serve(root, "max_ranges 0;");
    return HttpSource.connect(URI.create(nginx.url("image")), TestOptions.DEFAULTS);
  }

  @AfterEach
  void stop() {
    if (nginx != null) {
      nginx.close();
    }
  }
}
