package io.gantry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.image.ClusterCompression;
import io.gantry.image.CompressedCluster;
import io.gantry.io.FileInput;
import io.gantry.io.RandomAccessInput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MapMergerTest {

  @TempDir Path directory;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private RandomAccessInput image;

  @BeforeEach
  void openImage() throws IOException {
    image = FileInput.open(Files.write(directory.resolve("image"), new byte[8192]));
  }

  @AfterEach
  void closeImage() throws IOException {
    image.close();
  }

  /** Neighbours of each kind, of which some go on and some do not. */
  private void layOut(MapMerger merger) throws IOException {
    CompressedCluster cluster =
        new CompressedCluster(image, 100, 50, 512, ClusterCompression.DEFLATE);
    merger.data(0, 512, image, 1024, 0);
    merger.data(512, 512, image, 1536, 0);
    merger.data(1024, 512, image, 4096, 0);
    merger.compressed(1536, 512, cluster, 0, 0);
    merger.compressed(2048, 512, cluster, 0, 0);
    merger.zero(2560, 512, -1, 0);
    merger.zero(3072, 512, 7168, 0);
    merger.unallocated(3584, 512);
    merger.unallocated(4096, 100);
    merger.end();
  }

  @Test
  void mergesNeighboursThatGoOnInImageAndFile() throws IOException {
    try (JsonMap map = new JsonMap(out)) {
      layOut(new MapMerger(map, 4196));
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            """
            [{"start":0,"length":1024,"depth":0,"present":true,"zero":false,"data":true,"compressed":false,"offset":1024},
            {"start":1024,"length":512,"depth":0,"present":true,"zero":false,"data":true,"compressed":false,"offset":4096},
            {"start":1536,"length":1024,"depth":0,"present":true,"zero":false,"data":true,"compressed":true},
            {"start":2560,"length":512,"depth":0,"present":true,"zero":true,"data":false,"compressed":false},
            {"start":3072,"length":512,"depth":0,"present":true,"zero":true,"data":false,"compressed":false,"offset":7168},
            {"start":3584,"length":1024,"depth":0,"present":false,"zero":true,"data":false,"compressed":false}]
            """);
    assertThat(Json.array(bytes.toString(StandardCharsets.UTF_8))).hasSize(6);
  }

  @Test
  void peopleSeeWhatIsStored() throws IOException {
    try (HumanMap map = new HumanMap(out)) {
      layOut(new MapMerger(map, 4196));
    }
    String file = image.name();
    assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "Offset          Length          Mapped to       File",
            "0               0x400           0x400           " + file,
            "0x400           0x200           0x1000          " + file,
            "0x600           0x400           compressed      " + file);
  }

  @Test
  void anEmptyDiskIsAnEmptyArray() throws IOException {
    try (JsonMap map = new JsonMap(out)) {
      new MapMerger(map, 0).end();
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("[]\n");
  }
}
