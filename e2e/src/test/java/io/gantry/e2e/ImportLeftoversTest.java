package io.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.testkit.Nginx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a pod finds on its volume and in its container, and what it leaves there; the numbers are
 * sections of the worker contract.
 */
final class ImportLeftoversTest {

  private static final long MIB = 1L << 20;
  private static final long SIZE = 3 * MIB;

  @TempDir(factory = InMemory.class)
  private static Path folder;

  private static Path web;
  private static Path disk;
  private static Nginx nginx;

  private Pod pod;

  @BeforeAll
  static void serve() throws Exception {
    web = Files.createDirectory(folder.resolve("web"));
    disk = GuestDisk.write(web.resolve("disk"), SIZE, 5);
    Tool.run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", disk, web.resolve("disk.qcow2"));
    Tool.run("qemu-img", "create", "-q", "-f", "qcow2", web.resolve("large.qcow2"), "64T");
    byte[] bytes = Files.readAllBytes(disk);
    Files.write(web.resolve("odd"), Arrays.copyOf(bytes, 700));
    Files.write(web.resolve("short"), Arrays.copyOf(bytes, 511));
    Files.write(web.resolve("empty"), new byte[0]);
    Files.writeString(web.resolve("page"), "<html>" + "x".repeat(600));
    byte[] broken = Files.readAllBytes(web.resolve("disk.qcow2"));
    broken[40] = 0x7f; // The L1 table lies beyond all files.
    Files.write(web.resolve("broken.qcow2"), broken);
    nginx = Nginx.serve(web);
  }

  @AfterAll
  static void stop() {
    if (nginx != null) {
      nginx.close();
    }
  }

  @BeforeEach
  void make() throws IOException {
    pod = Pod.withFilesystem(Files.createTempDirectory(folder, "pod"));
  }

  private Pod.Ended run(String file) throws Exception {
    Pod.Ended ended = pod.endpoint(nginx.url(file)).run();
    ended.outcome().expectNoStackTrace();
    return ended;
  }

  private void assertImported(Pod.Ended ended) throws IOException {
    assertThat(ended.status()).as(ended.outcome().err()).isZero();
    Disks.assertSame(disk, pod.disk());
    assertThat(Files.isSymbolicLink(pod.disk())).isFalse();
    assertThat(pod.diskMode()).isEqualTo("rw-rw----");
  }

  /** 1.11: what is there goes when there is a disk to take its place, whatever it is. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "truncate -s 64M disk.img",
        "echo x > disk.img && chmod 400 disk.img",
        "mkdir -p disk.img/a/b && touch disk.img/a/c",
        "touch ../target && ln -s ../target disk.img",
        "ln -s nowhere disk.img",
        "mkfifo disk.img"
      })
  void putsTheDiskInPlaceOfWhatIsThere(String made) throws Exception {
    Tool.runIn(pod.data(), "sh", "-c", made);

    assertImported(run("disk"));

    assertThat(pod.data()).isDirectoryNotContaining(entry -> !entry.equals(pod.disk()));
    Path linked = pod.root().resolve("target");
    assertThat(Files.exists(linked) ? Files.size(linked) : 0).isZero();
  }

  @Test
  void leavesEverythingElseOnTheVolume() throws Exception {
    Files.createDirectory(pod.data().resolve("lost+found"));
    Files.writeString(pod.data().resolve("tmpimage"), "of an older version");

    assertImported(run("disk.qcow2"));

    assertThat(pod.data().resolve("lost+found")).isDirectory();
    assertThat(pod.data().resolve("tmpimage")).hasContent("of an older version");
  }

  /** 1.4: the reference inspects an image before it removes what is there. */
  @ParameterizedTest
  @CsvSource({
    "missing, expected status code 200",
    "page, could not process image header: ",
    "empty, could not process image header: ",
    "short, could not process image header: unexpected EOF",
    "broken.qcow2, Unable to convert source data to target format: ",
    "large.qcow2, is larger than the reported available storage",
    "disk, is larger than the reported available storage"
  })
  void leavesADiskOfBeforeAloneWhenThereIsNoneToTakeItsPlace(String file, String message)
      throws Exception {
    Files.writeString(pod.disk(), "of before");
    pod.env("IMPORTER_IMAGE_SIZE", "2Mi");

    Pod.Ended ended = run(file);

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.message()).contains(message).doesNotStartWith("{");
    assertThat(pod.disk()).hasContent("of before");
  }

  @ParameterizedTest
  @ValueSource(strings = {"missing", "page", "empty", "short", "broken.qcow2", "large.qcow2"})
  void leavesNothingBehindWhenItFails(String file) throws Exception {
    pod.withScratch();

    assertThat(run(file).status()).isEqualTo(1);

    assertThat(pod.data()).isEmptyDirectory();
    assertThat(pod.root().resolve("scratch")).isEmptyDirectory();
  }

  /** 5.1; the first thing the reference does is to read a sector. */
  @Test
  void refusesWhatIsShorterThanASector() throws Exception {
    assertThat(run("short").message())
        .startsWith(
            "Unable to process data: Unable to obtain information about data source: could not"
                + " process image header: unexpected EOF")
        .contains("511 bytes");
  }

  /** 5.3 */
  @Test
  void roundsADiskUpToWholeSectors() throws Exception {
    assertThat(run("odd").status()).isZero();

    assertThat(pod.disk()).hasSize(1024);
    assertThat(SparseFile.isZero(pod.disk(), 700, 1024)).isTrue();
  }

  /** 5.11 */
  @ParameterizedTest
  @ValueSource(strings = {"077", "000"})
  void givesTheDiskItsModeWhateverTheUmask(String umask) throws Exception {
    pod.under("sh", "-c", "umask " + umask + "; exec \"$@\"", "sh");

    assertImported(run("disk"));
  }

  /** 9.1: user 107 with the volume's group and no capabilities, as in the recorded pods. */
  @Test
  void runsAsTheUserOfThePod() throws Exception {
    Tool.run("chmod", "711", folder);
    Tool.run("chown", "-R", "107:107", pod.root());
    Tool.run("chmod", "2770", pod.data());
    Files.createDirectory(
        pod.data().resolve("lost+found"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    pod.under(
        "setpriv", "--reuid=107", "--regid=107", "--clear-groups", "--bounding-set=-all", "--");

    assertImported(run("disk.qcow2"));

    assertThat(Tool.run("stat", "-c", "%u:%g", pod.disk()).strip()).isEqualTo("107:107");
  }

  /** 1.3: without a word to the controller; the kubelet takes the log's last line. */
  @Test
  void saysInTheLogsLastLineThatThereIsNoVolume() throws Exception {
    Files.delete(pod.data());

    Pod.Ended ended = run("disk");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.message()).isEmpty();
    assertThat(ended.outcome().err().strip().lines().toList().getLast())
        .contains("the size of the target cannot be determined", "no such file");
  }

  /** 0.2; a container that cannot tell of its success has none. */
  @Test
  void failsWhenItCannotLeaveAMessage() throws Exception {
    Files.delete(pod.terminationLog());
    Files.createDirectory(pod.terminationLog());

    Outcome outcome = pod.endpoint(nginx.url("disk")).outcome();

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.expectNoStackTrace().err().strip().lines().toList().getLast())
        .contains("termination log: cannot write to it: is a directory", "Import Complete");
  }

  @Test
  void makesATerminationLogWhereThereIsNone() throws Exception {
    Files.delete(pod.terminationLog());

    assertImported(run("disk"));

    assertThat(pod.message()).contains("Import Complete");
  }

  /** 1.5: asking a second time would go on for ever. */
  @Test
  void failsWhenTheScratchVolumeIsOfNoUse() throws Exception {
    Path late = web.resolve("late.qcow2");
    Path big = GuestDisk.write(folder.resolve("big"), 128 * MIB, 3);
    Tool.run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", "-o", "cluster_size=4k", big, late);
    Tool.run("qemu-img", "resize", "-q", late, "8G");
    Tool.run("chmod", "711", folder);
    Tool.run("chown", "-R", "107:107", pod.root());
    Files.createDirectory(pod.root().resolve("scratch"));
    pod.under("setpriv", "--reuid=107", "--regid=107", "--clear-groups", "--");
    try (Nginx withoutRanges = Nginx.serve(web, "max_ranges 0;")) {
      pod.endpoint(withoutRanges.url("late.qcow2"));

      Pod.Ended ended = pod.run();

      assertThat(ended.status()).as(ended.outcome().err()).isEqualTo(1);
      assertThat(ended.message()).contains("scratch").doesNotContain("scratchSpaceRequired");
      assertThat(pod.data()).isEmptyDirectory();
    }
  }

  /** 4.7, with the environment of the recorded pod: the pull method is empty. */
  @Test
  void pullsFromTheNodeForAPopulator() throws Exception {
    Path shared = Files.createDirectories(pod.root().resolve("shared"));
    Files.writeString(shared.resolve("ready"), "disk.qcow2");
    Files.writeString(web.resolve("info"), "{\"env\":[\"A_KUBEVIRT_IO_B=c\"]}");
    pod.env("IMPORTER_READY_FILE", "/shared/ready").env("IMPORTER_DONE_FILE", "/shared/done");

    Pod.Ended ended = run("disk.img");

    assertImported(ended);
    assertThat(ended.message()).contains("\"labels\":{\"a.kubevirt.io/b\":\"c\"}");
    assertThat(shared.resolve("done")).exists();
  }

  /** 4.7: the container is started again, and the server beside it goes on. */
  @Test
  void doesNotSendTheServerAwayWhenItFails() throws Exception {
    Path shared = Files.createDirectories(pod.root().resolve("shared"));
    Files.writeString(shared.resolve("ready"), "missing");
    pod.env("IMPORTER_PULL_METHOD", "node")
        .env("IMPORTER_READY_FILE", "/shared/ready")
        .env("IMPORTER_DONE_FILE", "/shared/done");

    assertThat(run("disk.img").status()).isEqualTo(1);

    assertThat(shared.resolve("done")).doesNotExist();
  }

  /** Row 18: its room is free as soon as it is replaced, so it counts. */
  @Test
  void countsTheRoomOfADiskOfBefore() throws Exception {
    Path small = Files.createDirectory(folder.resolve("small"));
    Tool.run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", small);
    try {
      Files.createDirectory(small.resolve("data"));
      pod = Pod.withFilesystem(small);
      Files.write(pod.disk(), new byte[(int) (2 * MIB)]);

      assertImported(run("disk"));
    } finally {
      Tool.run("umount", small);
    }
  }
}
