package io.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.testkit.Nginx;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Importer pods that are killed and started again; bench/kill-test does so a hundred times. */
final class ImportRestartTest {

  private static final long MIB = 1L << 20;
  private static final long SIZE = 48 * MIB;

  @TempDir(factory = InMemory.class)
  private Path folder;

  private Path web;
  private Path disk;
  private Nginx nginx;

  @BeforeEach
  void serveSlowly() throws Exception {
    web = Files.createDirectory(folder.resolve("web"));
    disk = folder.resolve("disk");
    Tool.run("sh", "-c", "head -c " + SIZE + " /dev/urandom > " + disk);
    image();
    nginx = Nginx.serve(web, "limit_rate 4m;", "access_log " + folder + "/sent.log sent;");
  }

  @AfterEach
  void stop() {
    nginx.close();
  }

  private void image() throws Exception {
    Tool.run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", disk, web.resolve("image.qcow2"));
  }

  private Pod pod() throws IOException {
    return Pod.withFilesystem(folder.resolve("pod")).endpoint(nginx.url("image.qcow2"));
  }

  /** Starts the pod and ends it when there is a journal of some of the disk. */
  private static void interrupt(Pod pod, String signal) throws Exception {
    Process process = pod.start();
    Path journal = pod.data().resolve(".gantry-resume");
    while (process.isAlive() && !Files.exists(journal)) {
      Thread.sleep(10);
    }
    Thread.sleep(300);
    Tool.run("kill", "-" + signal, process.pid());
    assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isNotZero();
  }

  /** Demands a finished disk, and that this run says whether it went on or started anew. */
  private void assertDone(Pod pod, boolean goesOn) throws Exception {
    Pod.Ended ended = pod.run();
    assertThat(ended.outcome().err().contains("going on where an earlier run stopped"))
        .as(ended.outcome().err())
        .isEqualTo(goesOn);
    assertThat(ended.status()).as(ended.outcome().err()).isZero();
    Disks.assertSame(disk, pod.disk());
    assertThat(pod.diskMode()).isEqualTo("rw-rw----");
    assertThat(pod.data()).isDirectoryNotContaining(entry -> !entry.equals(pod.disk()));
  }

  private long sent() throws IOException {
    return Files.readAllLines(folder.resolve("sent.log")).stream().mapToLong(Long::parseLong).sum();
  }

  @Test
  void goesOnWhereItWasKilled() throws Exception {
    Pod pod = pod();
    interrupt(pod, "KILL");
    interrupt(pod, "KILL");
    assertThat(pod.message()).isEmpty();

    assertDone(pod, true);

    long image = Files.size(web.resolve("image.qcow2"));
    assertThat(sent()).isLessThan(image + image / 2);
  }

  @Test
  void endsInSecondsWhenToldToAndGoesOn() throws Exception {
    Pod pod = pod();
    interrupt(pod, "TERM");
    assertThat(pod.disk()).doesNotExist();
    assertThat(pod.unfinishedDisk()).exists();

    assertDone(pod, true);
  }

  @Test
  void startsAnewWhenTheSourceHasChanged() throws Exception {
    Pod pod = pod();
    interrupt(pod, "KILL");
    Tool.run("sh", "-c", "head -c " + SIZE + " /dev/urandom > " + disk);
    image();
    Files.setLastModifiedTime(
        web.resolve("image.qcow2"), FileTime.fromMillis(System.currentTimeMillis() - 100_000_000));

    assertDone(pod, false);
  }

  /** A volume that has come to somebody else, with what an earlier owner left on it. */
  @Test
  void startsAnewForAnotherOwner() throws Exception {
    Pod pod = pod();
    interrupt(pod, "KILL");

    assertDone(pod.env("OWNER_UID", "another"), false);
  }

  @Test
  void startsAnewWhenTheDiskIsGone() throws Exception {
    Pod pod = pod();
    interrupt(pod, "KILL");
    Files.delete(pod.unfinishedDisk());

    assertDone(pod, false);
  }

  @Test
  void startsAnewWhenTheJournalIsTurnedOff() throws Exception {
    Pod pod = pod();
    interrupt(pod, "KILL");

    assertDone(pod.env("GANTRY_RESUME", "off"), false);
  }

  /** In one of the two places at the end of the disk. */
  private static boolean hasJournal(Path backing) throws IOException {
    try (RandomAccessFile device = new RandomAccessFile(backing.toFile(), "r")) {
      byte[] magic = new byte[8];
      for (long place : new long[] {SIZE - (128 << 10), SIZE - (64 << 10)}) {
        device.seek(place);
        device.readFully(magic);
        if (new String(magic, StandardCharsets.US_ASCII).equals("gantryJ1")) {
          return true;
        }
      }
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "TRYNONE"})
  void goesOnOnADeviceAsWell(String cacheMode) throws Exception {
    Path backing = folder.resolve("device");
    try (LoopDevice device = LoopDevice.full(backing, SIZE + MIB, 4096)) {
      Pod pod =
          Pod.withDevice(folder.resolve("pod"), device.device()).endpoint(nginx.url("image.qcow2"));
      Process process = pod.start();
      while (process.isAlive() && !hasJournal(backing)) {
        Thread.sleep(20);
      }
      process.destroyForcibly();
      assertThat(process.waitFor()).isNotZero();

      Pod.Ended ended = pod.run();

      assertThat(ended.status()).as(ended.outcome().err()).isZero();
      assertThat(ended.outcome().err()).contains("going on where an earlier run stopped");
      Disks.assertBeginsWith(disk, backing);
      LoopDevice.assertGarbage(backing, SIZE, SIZE + MIB);
    }
  }

  /** 1.8 of the worker contract, with the regular expression of the controller. */
  @Test
  void showsHowFarItIs() throws Exception {
    Pod pod = pod();
    MetricsPage metrics = MetricsPage.of(pod);
    Process process = pod.start();
    Set<Double> seen = new TreeSet<>();
    while (process.isAlive()) {
      metrics.progress(Pod.OWNER).ifPresent(seen::add);
      Thread.sleep(50);
    }

    assertThat(process.exitValue()).isZero();
    assertThat(seen).hasSizeGreaterThan(5).allMatch(percent -> percent >= 0 && percent <= 100);
  }
}
