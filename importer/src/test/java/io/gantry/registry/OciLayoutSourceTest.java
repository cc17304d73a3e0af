package io.gantry.registry;

import io.gantry.source.Source;
import io.gantry.testkit.ContainerImage;
import io.gantry.testkit.SourceContract;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** The contract of a source, for the disk in a layer of an archive. */
final class OciLayoutSourceTest extends SourceContract {

  @TempDir Path folder;

  @Override
  protected Source sourceOf(byte[] content) throws Exception {
    ContainerImage image =
        ContainerImage.builder()
            .layer(ContainerImage.gzip(ContainerImage.tar(Map.of("disk/disk.img", content))))
            .build();
    Path archive = image.writeArchive(folder.resolve("image.tar"));
    return TestPulls.of("oci-archive:" + archive).open();
  }
}
