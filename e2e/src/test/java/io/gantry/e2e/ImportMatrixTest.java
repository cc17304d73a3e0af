package io.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Importer pods across sources, forms of the disk, kinds of volume and switches, none of them with
 * scratch space: what a first pod of the controller gets.
 *
 * <p>The product of all would be a thousand pods. Taken are every source with both volume modes,
 * each with other forms (a source hands over bytes, and knows nothing of their form); every form
 * with both volume modes, from one web server; and every combination of the two switches with every
 * kind of volume, for an image that is read by ranges and one that comes as a stream, in turn (the
 * switches are the target's). What is odd has tests of its own in {@link ImportTest}.
 */
final class ImportMatrixTest {

  private static final long MIB = 1L << 20;

  /** No whole number of the sectors that some devices have. */
  private static final long SIZE = 6 * MIB + 512;

  private static final long DEVICE_SIZE = 8 * MIB;

  /** floor(16 MiB / 1.06) to a MiB: 5.8. */
  private static final long GROWN = 15 * MIB;

  /** Filesystem mode, and block mode on two kinds of device. */
  enum Volume {
    FILE(0),
    SECTORS_512(512),
    SECTORS_4096(4096);

    private final int sectorSize;

    Volume(int sectorSize) {
      this.sectorSize = sectorSize;
    }
  }

  /** One pod. */
  record Import(
      ImageSource source, String file, Volume volume, boolean preallocation, String cacheMode) {}

  @TempDir(factory = InMemory.class)
  private static Path folder;

  private static Path disk;
  private static ImageServers servers;

  private Path root;

  @BeforeAll
  static void serve() throws Exception {
    Path files = Files.createDirectory(folder.resolve("files"));
    disk = DiskForms.write(files, SIZE, 21);
    makeArchives(files);
    servers = new ImageServers(files, Files.createDirectory(folder.resolve("servers")));
  }

  private static void makeArchives(Path files) throws Exception {
    Path tree = Files.createDirectories(folder.resolve("tree/deep")).getParent();
    Files.writeString(tree.resolve("deep/file"), "content\n");
    Files.copy(disk, tree.resolve("disk"));
    Tool.runIn(tree, "tar", "-cf", files.resolve("files.tar"), ".");
    Tool.runIn(tree, "tar", "-czf", files.resolve("files.tar.gz"), ".");
  }

  @AfterAll
  static void stop() throws IOException {
    if (servers != null) {
      servers.close();
    }
  }

  @BeforeEach
  void nameRoot() throws IOException {
    root = Files.createTempDirectory(folder, "pod");
  }

  static Stream<Import> imports() {
    List<String> forms = DiskForms.FILES;
    List<Import> imports = new ArrayList<>();
    int turn = 0;
    for (ImageSource source : ImageSource.values()) {
      imports.add(new Import(source, form(turn), Volume.FILE, false, ""));
      imports.add(new Import(source, form(turn + forms.size() / 2), Volume.SECTORS_512, false, ""));
      turn++;
    }
    for (String form : forms) {
      imports.add(new Import(ImageSource.HTTP, form, Volume.FILE, false, ""));
      imports.add(new Import(ImageSource.HTTP, form, Volume.SECTORS_4096, false, ""));
    }
    for (Volume volume : Volume.values()) {
      for (boolean preallocation : List.of(false, true)) {
        for (String cacheMode : List.of("", "TRYNONE")) {
          String form = turn++ % 2 == 0 ? "deflate.qcow2" : "disk.xz";
          imports.add(new Import(ImageSource.HTTPS, form, volume, preallocation, cacheMode));
        }
      }
    }
    return imports.stream().distinct();
  }

  private static String form(int turn) {
    return DiskForms.FILES.get(turn % DiskForms.FILES.size());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("imports")
  void fillsTheVolume(Import asked) throws Exception {
    if (asked.volume() == Volume.FILE) {
      fillsAFile(asked);
    } else {
      fillsADevice(asked);
    }
  }

  private void fillsAFile(Import asked) throws Exception {
    Pod pod = Pod.withFilesystem(root).env("IMPORTER_IMAGE_SIZE", "16Mi");

    run(pod, asked);

    assertThat(pod.disk()).hasSize(GROWN);
    Disks.assertBeginsWith(disk, pod.disk());
    assertThat(SparseFile.isZero(pod.disk(), SIZE, GROWN)).isTrue();
    assertNothingElse(pod);
    if (asked.preallocation()) {
      assertThat(pod.allocatedBytes()).isGreaterThanOrEqualTo(GROWN);
    } else {
      assertThat(pod.allocatedBytes()).isLessThan(SIZE);
    }
  }

  private void fillsADevice(Import asked) throws Exception {
    Path backing = folder.resolve("device");
    try (LoopDevice device = LoopDevice.full(backing, DEVICE_SIZE, asked.volume().sectorSize)) {
      Pod pod = Pod.withDevice(root, device.device()).env("IMPORTER_IMAGE_SIZE", "8Mi");

      run(pod, asked);

      Disks.assertBeginsWith(disk, backing);
      LoopDevice.assertGarbage(backing, SIZE, DEVICE_SIZE);
    } finally {
      Files.deleteIfExists(backing);
    }
  }

  private static void run(Pod pod, Import asked) throws Exception {
    servers
        .tell(pod, asked.source(), asked.file())
        .env("PREALLOCATION", Boolean.toString(asked.preallocation()))
        .env("CACHE_MODE", asked.cacheMode());
    assertComplete(pod.run(), asked.preallocation());
  }

  private static void assertComplete(Pod.Ended ended, boolean preallocated) {
    assertThat(ended.status()).as(ended.outcome().err()).isZero();
    assertThat(ended.message()).isEqualTo(completeMessage(preallocated));
    ended.outcome().expectNoStackTrace();
  }

  private static String completeMessage(boolean preallocated) {
    return "{\"scratchSpaceRequired\":false,\"preallocationApplied\":%s,\"message\":\"Import Complete\"}"
        .formatted(preallocated);
  }

  private static void assertNothingElse(Pod pod) throws IOException {
    assertThat(pod.diskMode()).isEqualTo("rw-rw----");
    assertThat(pod.data()).isDirectoryNotContaining(entry -> !entry.equals(pod.disk()));
  }

  /** 1.6; what a device holds stays unless all of it is claimed. */
  @ParameterizedTest
  @CsvSource({
    "FILE, false",
    "FILE, true",
    "SECTORS_512, false",
    "SECTORS_512, true",
    "SECTORS_4096, true"
  })
  void makesABlankDisk(Volume volume, boolean preallocation) throws Exception {
    if (volume == Volume.FILE) {
      Pod pod = blank(Pod.withFilesystem(root), "16Mi", preallocation);
      assertComplete(pod.run(), preallocation);
      assertThat(pod.disk()).hasSize(GROWN);
      assertThat(SparseFile.isZero(pod.disk(), 0, GROWN)).isTrue();
      assertThat(pod.allocatedBytes()).isEqualTo(preallocation ? GROWN : 0);
      assertNothingElse(pod);
      return;
    }
    Path backing = folder.resolve("device");
    try (LoopDevice device = LoopDevice.full(backing, DEVICE_SIZE, volume.sectorSize)) {
      Pod.Ended ended = blank(Pod.withDevice(root, device.device()), "5Mi", preallocation).run();
      assertThat(ended.status()).as(ended.outcome().err()).isZero();
      assertThat(ended.message()).isEqualTo(preallocation ? completeMessage(true) : "");
      long zeros = preallocation ? 5 * MIB : 0;
      assertThat(SparseFile.isZero(backing, 0, zeros)).isTrue();
      LoopDevice.assertGarbage(backing, zeros, DEVICE_SIZE);
    } finally {
      Files.deleteIfExists(backing);
    }
  }

  private static Pod blank(Pod pod, String size, boolean preallocation) {
    return pod.env("IMPORTER_SOURCE", "none")
        .env("IMPORTER_IMAGE_SIZE", size)
        .env("PREALLOCATION", Boolean.toString(preallocation));
  }

  /** 1.7: nothing is ever preallocated of an archive. Row 12: stores have some, too. */
  @ParameterizedTest
  @CsvSource({
    "HTTP, files.tar", "HTTPS, files.tar.gz", "HTTP_BASIC, files.tar",
    "S3, files.tar.gz", "GCS_ANONYMOUS, files.tar", "GCS_ACCOUNT, files.tar.gz"
  })
  void unpacksAnArchive(ImageSource source, String file) throws Exception {
    Pod pod =
        servers
            .tell(Pod.withFilesystem(root), source, file)
            .env("IMPORTER_CONTENTTYPE", "archive")
            .env("IMPORTER_IMAGE_SIZE", "16Mi")
            .env("PREALLOCATION", "true");

    assertComplete(pod.run(), false);

    Tool.run("diff", "-r", folder.resolve("tree"), pod.data());
  }

  /**
   * 1.8. The termination log is a pipe: the pod can end only when somebody reads it, and until then
   * it must tell how far it is.
   */
  @ParameterizedTest
  @EnumSource
  void tellsHowFarItIs(ImageSource source) throws Exception {
    tellsHowFarItIs(
        servers.tell(Pod.withFilesystem(root), source, "deflate.qcow2"), completeMessage(false));
  }

  @Test
  void tellsHowFarABlankDiskIs() throws Exception {
    tellsHowFarItIs(blank(Pod.withFilesystem(root), "16Mi", true), completeMessage(true));
  }

  @Test
  void tellsHowFarAnArchiveIs() throws Exception {
    Pod pod = servers.tell(Pod.withFilesystem(root), ImageSource.HTTP, "files.tar.gz");
    tellsHowFarItIs(pod.env("IMPORTER_CONTENTTYPE", "archive"), completeMessage(false));
  }

  private static void tellsHowFarItIs(Pod pod, String message) throws Exception {
    Files.delete(pod.terminationLog());
    Tool.run("mkfifo", pod.terminationLog());
    MetricsPage metrics = MetricsPage.of(pod);
    Process process = pod.start();
    try {
      assertThat(await(metrics, process)).isEqualTo(100);
      assertThat(pod.message()).isEqualTo(message);
      assertThat(process.waitFor()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  private static double await(MetricsPage metrics, Process process) throws Exception {
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    double before = 0;
    while (System.nanoTime() < end && process.isAlive()) {
      OptionalDouble percent = metrics.progress(Pod.OWNER);
      assertThat(percent.orElse(before)).isBetween(before, 100.0);
      before = percent.orElse(before);
      if (before == 100) {
        break;
      }
      Thread.sleep(50);
    }
    return before;
  }

  /** 1.3: CDI's functional tests look for this line in the log. */
  @ParameterizedTest
  @CsvSource({"HTTP, disk, kubevirt, data/disk.img", "S3, files.tar, archive, data"})
  void tellsOfTheSync(ImageSource source, String file, String contentType, String path)
      throws Exception {
    Pod pod =
        servers
            .tell(Pod.withFilesystem(root), source, file)
            .env("IMPORTER_CONTENTTYPE", contentType);
    String line = "Successfully completed fsync(%s) syscall".formatted(root.resolve(path));

    assertThat(pod.run().outcome().err()).doesNotContain(line);
    assertThat(pod.verbose().run().outcome().err()).contains(line);
  }
}
