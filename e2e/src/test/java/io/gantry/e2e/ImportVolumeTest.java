package io.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.testkit.Mount;
import io.gantry.testkit.Nginx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The importer pod on volumes that are full, failing, or not empty. */
final class ImportVolumeTest {

  private static final int MIB = 1 << 20;
  private static final int SIZE = 6 * MIB;

  @TempDir private static Path folder;

  private static Path web;
  private static Path disk;
  private static Nginx server;
  private static Nginx slow;

  private Path root;

  @BeforeAll
  static void serve() throws Exception {
    web = Files.createDirectory(folder.resolve("web"));
    disk = noise("disk", SIZE);
    server = Nginx.serve(web);
    slow = Nginx.serve(web, "limit_rate 200k;");
  }

  @AfterAll
  static void stop() {
    server.close();
    slow.close();
  }

  @BeforeEach
  void nameRoot() throws IOException {
    root = Files.createTempDirectory(folder, "pod");
  }

  /** Serves a disk without a hole, plain, in gzip and as QCOW2. */
  private static Path noise(String name, int size) throws Exception {
    byte[] bytes = new byte[size];
    new SplittableRandom(size).nextBytes(bytes);
    bytes[0] = 0;
    Path file = Files.write(web.resolve(name), bytes);
    Tool.filter(file, web.resolve(name + ".gz"), "gzip", "-1");
    Tool.run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", file, web.resolve(name + ".qcow2"));
    return file;
  }

  /** A pod whose {@code /data} is {@code volume}. */
  private Pod on(Mount volume) throws IOException {
    Files.createSymbolicLink(root.resolve("data"), volume.folder());
    return Pod.withFilesystem(root);
  }

  /** A volume that keeps nothing back for root: what it calls free is all there is. */
  private static Mount exact(long bytes) throws IOException {
    return Mount.image(folder, "ext2", bytes, "-b", "1024", "-m", "0");
  }

  private static void assertComplete(Pod.Ended ended) {
    assertThat(ended.status()).as(ended.outcome().err()).isZero();
  }

  private static void assertFailed(Pod.Ended ended, String... message) {
    assertThat(ended.status()).as(ended.outcome().err()).isEqualTo(1);
    assertThat(ended.message()).contains(message).doesNotContain("\n");
    ended.outcome().expectNoStackTrace();
  }

  /**
   * ext2 needs blocks for a file's map that it calls free before, and has no fallocate: the disk
   * fits by every number there is, and does not.
   */
  @ParameterizedTest
  @CsvSource({"false, ''", "false, .gz", "false, .qcow2", "true, ''", "true, .gz", "true, .qcow2"})
  void saysThatTheVolumeRanFull(String preallocation, String kind) throws Exception {
    try (Mount volume = exact(8 * MIB)) {
      int room = (int) (volume.folder().toFile().getUsableSpace() / 512 * 512);
      noise("full", room);
      Pod pod = on(volume).endpoint(server.url("full" + kind)).env("PREALLOCATION", preallocation);

      Pod.Ended ended = pod.run();

      assertFailed(
          ended,
          "Unable to process data: ",
          ": unable to write to file: ",
          "no space left on device");
      assertThat(ended.outcome().err()).contains("error code G402");
      assertThat(pod.data().toRealPath()).isDirectoryNotContaining("glob:**{.img,unfinished}");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"disk", "disk.gz", "disk.qcow2"})
  void allocatesTheWholeDiskWhereNothingCanBeReserved(String file) throws Exception {
    try (Mount volume = Mount.image(folder, "ext2", 16 * MIB)) {
      Pod pod =
          on(volume)
              .endpoint(server.url(file))
              .env("PREALLOCATION", "true")
              .env("IMPORTER_IMAGE_SIZE", "10Mi");

      assertComplete(pod.run());

      long allocated = Long.parseLong(Tool.run("stat", "-L", "-c", "%b", pod.disk()).strip()) * 512;
      assertThat(Files.size(pod.disk())).isEqualTo(9 * MIB);
      assertThat(allocated).isGreaterThanOrEqualTo(9 * MIB);
      Disks.assertBeginsWith(disk, pod.disk());
    }
  }

  @Test
  void saysThatABlankDiskDoesNotFit() throws Exception {
    try (Mount volume = exact(8 * MIB)) {
      // Leaves whole MiB and up to 16 KiB, of the 30 KiB that the map of such a file takes.
      long room = volume.folder().toFile().getUsableSpace() - (16 << 10);
      Files.write(volume.folder().resolve("other"), new byte[(int) (room % MIB)]);
      Pod pod =
          on(volume)
              .env("IMPORTER_SOURCE", "none")
              .env("IMPORTER_IMAGE_SIZE", "1Gi")
              .env("FILESYSTEM_OVERHEAD", "0")
              .env("PREALLOCATION", "true");

      Pod.Ended ended = pod.run();

      assertFailed(ended, "Unable to create blank image: ", "no space left on device");
      assertThat(pod.disk()).doesNotExist();
    }
  }

  /** Row 18: what an earlier run left takes most of the room that this one needs. */
  @ParameterizedTest
  @ValueSource(strings = {"disk", "disk.gz", "disk.qcow2"})
  void takesTheRoomOfAnOldDisk(String file) throws Exception {
    try (Mount volume = Mount.tmpfs(folder, 8 * MIB)) {
      Pod pod = on(volume).endpoint(server.url(file));
      Files.write(pod.disk(), new byte[5 * MIB]);

      assertComplete(pod.run());

      Disks.assertSame(disk, pod.disk());
    }
  }

  /** Row 20. What the backing file has no room for, the device cannot store. */
  @ParameterizedTest
  @CsvSource({"disk, ''", "disk.gz, TRYNONE", "disk.qcow2, ''"})
  void neverUnlinksADeviceThatFails(String file, String cacheMode) throws Exception {
    try (Mount small = Mount.tmpfs(folder, 2 * MIB)) {
      Path backing = small.folder().resolve("device");
      Tool.run("truncate", "--size=" + 8 * MIB, backing);
      try (LoopDevice device = LoopDevice.over(backing, 512)) {
        Pod pod =
            Pod.withDevice(root, device.device())
                .endpoint(server.url(file))
                .env("CACHE_MODE", cacheMode);

        Pod.Ended ended = pod.run();

        assertFailed(ended, "/dev/cdi-block-volume: cannot ");
        assertThat(device.device()).exists();
        assertThat(root.resolve("dev/cdi-block-volume")).isSymbolicLink();
      }
    }
  }

  private Path tree() throws Exception {
    Path tree = Files.createDirectories(root.resolve("tree"));
    for (int i = 0; i < 4; i++) {
      byte[] bytes = new byte[MIB];
      new SplittableRandom(i).nextBytes(bytes);
      Files.write(tree.resolve("file" + i), bytes);
    }
    Tool.run("tar", "-C", tree, "-cf", web.resolve("tree.tar"), ".");
    return tree;
  }

  @Test
  void saysThatAnArchiveDoesNotFit() throws Exception {
    tree();
    try (Mount volume = Mount.tmpfs(folder, 2 * MIB)) {
      Pod pod = on(volume).endpoint(server.url("tree.tar")).env("IMPORTER_CONTENTTYPE", "archive");

      Pod.Ended ended = pod.run();

      assertFailed(
          ended,
          "Unable to process data: Unable to transfer source data to target directory: unable to"
              + " untar files from endpoint: ",
          "no space left on device");
      assertThat(ended.outcome().err()).contains("error code G402");
    }
  }

  @Test
  void unpacksOverWhatIsThereAndLeavesTheRest() throws Exception {
    Path tree = tree();
    Pod pod =
        Pod.withFilesystem(root)
            .endpoint(server.url("tree.tar"))
            .env("IMPORTER_CONTENTTYPE", "archive");
    Files.writeString(pod.data().resolve("file1"), "an older one");
    Files.writeString(pod.data().resolve("other"), "not in the archive");
    Files.writeString(pod.disk(), "no disk of ours");

    assertComplete(pod.run());

    assertThat(pod.data().resolve("file1")).hasSameBinaryContentAs(tree.resolve("file1"));
    assertThat(pod.data().resolve("other")).hasContent("not in the archive");
    assertThat(pod.disk()).hasContent("no disk of ours");
  }

  @Test
  void endsInSecondsWhenToldToWhileItUnpacks() throws Exception {
    tree();
    Pod pod =
        Pod.withFilesystem(root)
            .endpoint(slow.url("tree.tar"))
            .env("IMPORTER_CONTENTTYPE", "archive");
    Process process = pod.start();
    for (int i = 0; i < 3000 && Files.notExists(pod.data().resolve("file0")); i++) {
      Thread.sleep(20);
    }

    Tool.run("kill", "-TERM", process.pid());

    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isNotZero();
    assertThat(pod.message()).isEmpty();
    assertThat(process.getErrorStream().readAllBytes()).asString().doesNotContain("Exception");
  }

  /** Row 33. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<!DOCTYPE html><html><title>Sign in</title></html> | an HTML page: \"<title>Sign in",
        "<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error> | an XML document",
        "{\"errors\": [{\"code\": \"DENIED\"}]} | a JSON document",
        "version https://git-lfs.github.com/spec/v1 | a Git LFS pointer"
      })
  void refusesADocumentBeforeAnythingIsWritten(String document, String told) throws Exception {
    Path file = Files.writeString(web.resolve("document"), document);
    Tool.filter(file, web.resolve("document.gz"), "gzip", "-1");
    Path backing = folder.resolve("device");
    try (LoopDevice device = LoopDevice.full(backing, MIB, 512)) {
      for (String name : new String[] {"document", "document.gz"}) {
        Pod pod = Pod.withFilesystem(root.resolve(name)).endpoint(server.url(name));
        Pod.Ended ended = pod.run();
        assertFailed(ended, "Unable to obtain information about data source: ", told);
        assertThat(ended.outcome().err()).contains("error code G202");
        assertThat(pod.data()).isEmptyDirectory();

        Pod block =
            Pod.withDevice(root.resolve(name + "-block"), device.device())
                .endpoint(server.url(name));
        assertFailed(block.run(), told);
      }
      LoopDevice.assertGarbage(backing, 0, MIB);
    }
    Files.delete(backing);
    Files.writeString(web.resolve("long"), document + " ".repeat(512));
    Pod unguarded =
        Pod.withFilesystem(root).endpoint(server.url("long")).env("GANTRY_CONTENT_GUARD", "off");
    assertComplete(unguarded.run());
    assertThat(Files.readString(unguarded.disk())).startsWith(document);
  }
}
