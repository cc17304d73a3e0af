package io.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.testkit.Nginx;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The small images of CDI's own tests, where somebody has put them beside the checkout: each
 * through {@code gantry import}, as the controller starts it, and through {@code gantry convert}.
 */
final class SharedImagesTest {

  private static final long OVERHEAD_DISK = 858_993_664;
  private static final long SNAPSHOT_DISK = 46_137_344;
  private static final long MIB = 1 << 20;

  /** What is said at once is said long before this. */
  private static final Duration AT_ONCE = Duration.ofSeconds(30);

  @TempDir(factory = InMemory.class)
  private static Path folder;

  private static Path images;
  private static Nginx server;
  private static Nginx withoutRanges;

  private Path root;

  @BeforeAll
  static void serve() throws Exception {
    Optional<Path> shared = Workspace.shared().map(beside -> beside.resolve("images"));
    Assumptions.assumeTrue(shared.filter(Files::isDirectory).isPresent(), "no shared images here");
    images = Files.createDirectory(folder.resolve("images"));
    for (Path directory : List.of(shared.get(), shared.get().resolve("invalid_qcow_images"))) {
      try (Stream<Path> files = Files.list(directory).filter(Files::isRegularFile)) {
        for (Path file : files.toList()) {
          Path copy = Files.copy(file, images.resolve(file.getFileName()));
          Tool.filter(copy, Path.of(copy + ".gz"), "gzip", "-1");
        }
      }
    }
    server = Nginx.serve(images);
    withoutRanges = Nginx.serve(images, "max_ranges 0;");
  }

  @AfterAll
  static void stop() {
    Stream.of(Optional.ofNullable(server), Optional.ofNullable(withoutRanges))
        .flatMap(Optional::stream)
        .forEach(Nginx::close);
  }

  @BeforeEach
  void nameRoot() throws IOException {
    root = Files.createTempDirectory(folder, "pod");
  }

  private Pod pod(String file) throws IOException {
    return Pod.withFilesystem(root).endpoint(server.url(file));
  }

  /** Through ranges, in one stream, and in a wrapping. */
  private List<Pod> pods(String file) throws IOException {
    return List.of(
        Pod.withFilesystem(root.resolve("a")).endpoint(server.url(file)),
        Pod.withFilesystem(root.resolve("b")).endpoint(withoutRanges.url(file)),
        Pod.withFilesystem(root.resolve("c")).endpoint(server.url(file + ".gz")));
  }

  private static void assertComplete(Pod.Ended ended) {
    assertThat(ended.status()).as(ended.outcome().err()).isZero();
    assertThat(ended.message())
        .isEqualTo(
            "{\"scratchSpaceRequired\":false,\"preallocationApplied\":false,"
                + "\"message\":\"Import Complete\"}");
  }

  private static void assertRefused(Pod.Ended ended, String message) {
    assertThat(ended.status()).as(ended.outcome().err()).isEqualTo(1);
    assertThat(ended.message())
        .startsWith("Unable to process data: Unable to ")
        .contains(message)
        .doesNotContain("\n");
    ended.outcome().expectNoStackTrace();
    assertThat(ended.outcome().elapsed()).isLessThan(AT_ONCE);
  }

  private static String md5(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
  }

  /** Bug 2064936: as large as the request, and the overhead is not counted a second time. */
  @Test
  void acceptsADiskJustAsLargeAsTheRequest() throws Exception {
    for (Pod pod : pods("fs-overhead.qcow2")) {
      assertComplete(pod.env("IMPORTER_IMAGE_SIZE", "858993664").run());

      assertThat(Files.size(pod.disk())).isEqualTo(OVERHEAD_DISK);
      assertThat(SparseFile.nz64k(pod.disk(), OVERHEAD_DISK)).isEqualTo(zeros(OVERHEAD_DISK));
      assertRefused(
          pod.env("IMPORTER_IMAGE_SIZE", "858993663").run(),
          "virtual image size 858993664 is larger than the reported available storage 858993663."
              + " A larger PVC is required");
      assertThat(pod.disk()).as("of before").hasSize(OVERHEAD_DISK);
    }
  }

  private String zeros(long size) throws IOException {
    Path file = Files.createTempFile(root, "zeros", "");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(size);
    }
    return SparseFile.nz64k(file, size);
  }

  @ParameterizedTest
  @CsvSource({
    "cirros-snapshot1.qcow2, cirros.raw",
    "cirros-snapshot2.qcow2, cirros-snapshot1.qcow2"
  })
  void refusesTheDeltasOfAWarmImport(String delta, String base) throws Exception {
    for (Pod pod : pods(delta)) {
      Files.writeString(pod.data().resolve(base), "a file of this name");

      Pod.Ended ended = pod.run();

      assertRefused(ended, " is invalid because it has invalid backing file " + base);
      assertThat(pod.disk()).doesNotExist();
    }
    Outcome converted =
        Program.gantry("convert", images.resolve(delta), root.resolve("target")).run();
    converted.expectRefused(4);
    assertThat(converted.err()).contains("\"" + base + "\"", "--allow-backing");
  }

  @Test
  void readsTheDeltasOverABaseOfZerosWhenAllowed() throws Exception {
    Path chain = Files.createDirectory(root.resolve("chain"));
    Files.copy(images.resolve("cirros-snapshot1.qcow2"), chain.resolve("cirros-snapshot1.qcow2"));
    Path top =
        Files.copy(
            images.resolve("cirros-snapshot2.qcow2"), chain.resolve("cirros-snapshot2.qcow2"));
    Tool.run("truncate", "--size=" + SNAPSHOT_DISK, chain.resolve("cirros.raw"));
    Path target = root.resolve("target");

    Program.gantry("convert", "--allow-backing", top, target).run().expectDone();

    assertThat(md5(Files.readAllBytes(target))).isEqualTo("cb8a0386205926e2bfd7ddf76fffc333");
  }

  @Test
  void unpacksAnArchiveAsAnArchive() throws Exception {
    for (Pod pod : pods("archive-3-files.tar")) {
      assertComplete(pod.env("IMPORTER_CONTENTTYPE", "archive").run());

      Map<String, String> expected =
          Map.of(
              "one.txt", "031d4816dd993745a614a3c2b03979de",
              "two.txt", "05cee8116d5377bb2f845e7dc3d9a4b2",
              "three.txt", "7a2de16ef33f7312e47e816a88f5fd29");
      try (Stream<Path> files = Files.list(pod.data())) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .containsExactlyInAnyOrderElementsOf(expected.keySet());
      }
      for (Map.Entry<String, String> file : expected.entrySet()) {
        Path unpacked = pod.data().resolve(file.getKey());
        assertThat(md5(Files.readAllBytes(unpacked))).isEqualTo(file.getValue());
        assertThat(Tool.run("stat", "-c", "%a", unpacked).strip()).isEqualTo("664");
      }
    }
  }

  @Test
  void importsAnArchiveAsADiskWhenItIsToBeOne() throws Exception {
    for (Pod pod : pods("archive-3-files.tar")) {
      assertComplete(pod.env("IMPORTER_IMAGE_SIZE", "4Mi").run());

      byte[] disk = Files.readAllBytes(pod.disk());
      assertThat(disk).hasSize((int) (3 * MIB));
      assertThat(md5(Arrays.copyOf(disk, 100_000))).isEqualTo("e5f10f311abdedbbc15b3fb1d49d81f9");
    }
  }

  @Test
  void unpacksTheArchiveOfOneFile() throws Exception {
    Pod pod = pod("content.tar").env("IMPORTER_CONTENTTYPE", "archive");

    assertComplete(pod.run());

    assertThat(Files.size(pod.data().resolve("tar_content.txt"))).isEqualTo(49);
  }

  @Test
  void refusesABootcImageAndUnpacksNothing() throws Exception {
    Pod pod =
        Pod.withFilesystem(root)
            .env("IMPORTER_SOURCE", "registry")
            .endpoint("oci-archive:" + images.resolve("bootc-registry-image.tar"));

    assertRefused(pod.run(), "bootc image detected");

    assertThat(pod.data()).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource({
    "invalid-qcow-large-memory.img, L1 size too big",
    "invalid-qcow-backing-file.img, L1 size too big",
    "invalid-qcow-large-size.img, Invalid format qcow for image"
  })
  void refusesHostileImagesAndNeverTakesThemForRawDisks(String file, String message)
      throws Exception {
    for (Pod pod : pods(file)) {
      assertRefused(pod.run(), message);
      assertThat(pod.data()).isEmptyDirectory();
    }
    Path target = root.resolve("target");
    Program.gantry("convert", images.resolve(file), target).run().expectRefused(4);
    Program.gantry("convert", "-", target).stdin(images.resolve(file)).run().expectRefused(4);
    assertThat(target).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "invalid-qcow-large-memory.img",
        "invalid-qcow-backing-file.img",
        "invalid-qcow-large-size.img"
      })
  void leavesADeviceAloneWhenTheImageIsHostile(String file) throws Exception {
    Path backing = folder.resolve("device");
    try (LoopDevice device = LoopDevice.full(backing, MIB, 512)) {
      for (Nginx from : List.of(server, withoutRanges)) {
        Pod pod =
            Pod.withDevice(root.resolve("on" + from.port()), device.device())
                .endpoint(from.url(file));
        assertThat(pod.run().status()).isEqualTo(1);
      }
      LoopDevice.assertGarbage(backing, 0, MIB);
    }
    Files.delete(backing);
  }

  /**
   * 65536 snapshots in a table that lies over the header: what the guest sees is the active layer,
   * so the table is not read, and neither time nor memory go there. qemu-img converts it alike.
   */
  @Test
  void importsTheActiveLayerWhateverTheSnapshotTableSays() throws Exception {
    for (Pod pod : pods("invalid-qcow-large-json.img")) {
      Pod.Ended ended = pod.run();

      assertComplete(ended);
      assertThat(ended.outcome().elapsed()).isLessThan(AT_ONCE);
      assertThat(Files.readAllBytes(pod.disk())).isEqualTo(new byte[512]);
    }
  }
}
