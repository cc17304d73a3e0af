package io.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What goes wrong is told in one line, with the status that scripts rely on, and leaves nothing.
 */
final class FaultsTest {

  private static final long SIZE = 40L << 20;

  /** Half a second where nothing else runs. */
  private static final Duration STOP_MAX = Duration.ofSeconds(5);

  @TempDir private static Path folder;
  private static Path disk;
  private static Path image;

  private Path target;

  @BeforeAll
  static void writeImage() throws Exception {
    disk = GuestDisk.write(folder.resolve("disk"), SIZE, 10);
    image = folder.resolve("image.qcow2");
    Tool.run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", disk, image);
  }

  @BeforeEach
  void nameTarget() throws IOException {
    target = folder.resolve("target");
    Files.deleteIfExists(target);
  }

  // The target.

  @ParameterizedTest
  @ValueSource(strings = {"off", "falloc", "full"})
  void saysThatTheFileSystemIsFull(String preallocation) throws Exception {
    Path mountPoint = Files.createDirectories(folder.resolve("full"));
    mount("-t", "tmpfs", "-o", "size=8m", "tmpfs", mountPoint);
    try {
      Path full = mountPoint.resolve("disk");
      for (Path source : new Path[] {image, disk}) {
        Outcome outcome =
            Program.gantry("convert", "--preallocation", preallocation, source, full).run();
        outcome.expectRefused(5);
        assertThat(outcome.err()).containsIgnoringCase("no space left on device");
        assertThat(full).doesNotExist();
      }
    } finally {
      Tool.run("umount", mountPoint);
    }
  }

  @Test
  void saysThatTheFileMayNotGrowSoLarge() throws Exception {
    Outcome outcome =
        Program.gantry("convert", image, target)
            .under("bash", "-c", "ulimit -f 4096; exec \"$@\"", "bash")
            .run();

    outcome.expectRefused(5);
    assertThat(target).doesNotExist();
  }

  /** A device whose backing file has no room: what the kernel cannot store, it calls EIO. */
  @ParameterizedTest
  @ValueSource(strings = {"--progress=none", "--direct"})
  void saysThatTheDeviceFails(String option) throws Exception {
    Path mountPoint = Files.createDirectories(folder.resolve("failing"));
    mount("-t", "tmpfs", "-o", "size=8m", "tmpfs", mountPoint);
    try {
      Path backing = mountPoint.resolve("device");
      Tool.run("truncate", "--size=" + SIZE, backing);
      try (LoopDevice loop = LoopDevice.over(backing, 512)) {
        Outcome outcome = Program.gantry("convert", option, image, loop.device()).run();
        outcome.expectRefused(5);
        assertThat(outcome.err()).contains(loop.device().toString());
      }
    } finally {
      Tool.run("umount", mountPoint);
    }
  }

  @Test
  void leavesAnExistingTargetAloneUnlessForced() throws Exception {
    Files.writeString(target, "somebody's letters");

    Outcome outcome = Program.gantry("convert", image, target).run();

    outcome.expectRefused(5);
    assertThat(outcome.err()).contains("--force");
    assertThat(target).hasContent("somebody's letters");
    Program.gantry("convert", "--force", image, target).run().expectDone();
    Disks.assertSame(disk, target);
  }

  @Test
  void saysThatTheTargetsDirectoryIsMissing() throws Exception {
    Path missing = folder.resolve("missing");

    Outcome outcome = Program.gantry("convert", image, missing.resolve("disk")).run();

    outcome.expectRefused(5);
    assertThat(outcome.err()).contains(missing.toString());
    assertThat(missing).doesNotExist();
  }

  // The source.

  @Test
  void saysThatTheSourceIsMissing() throws Exception {
    Outcome outcome = Program.gantry("convert", folder.resolve("missing"), target).run();

    outcome.expectRefused(3);
    assertThat(outcome.err()).contains(folder.resolve("missing").toString());
    assertThat(target).doesNotExist();
  }

  @Test
  void saysThatTheSourceFails() throws Exception {
    // read(2) of a directory fails, as that of a dying disk does.
    Outcome outcome =
        Program.gantry("convert", "-", target).under("bash", "-c", "exec \"$@\" </", "bash").run();

    outcome.expectRefused(3);
    assertThat(target).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void comparesTheChecksumOfTheSource(boolean piped) throws Exception {
    String right = "sha256:" + sha256(image);
    String wrong = "sha256:" + "0".repeat(64);

    Outcome refused = convert(piped, "--checksum", wrong);
    refused.expectRefused(6);
    assertThat(refused.err()).contains(sha256(image));
    assertThat(target).doesNotExist();

    convert(piped, "--checksum", right).expectDone();
    Disks.assertSame(disk, target);
  }

  private Outcome convert(boolean piped, String option, String value) throws Exception {
    return piped
        ? Program.gantry("convert", option, value, "-", target).stdin(image).run()
        : Program.gantry("convert", option, value, image, target).run();
  }

  // The user.

  @ParameterizedTest
  @CsvSource({
    "convert",
    "convert one",
    "convert one two three",
    "convert --no-such-option one two",
    "convert --preallocation maybe one two",
    "convert --checksum sha256 one two",
    "convert --threads 0 one two",
    "convert --size tall one two",
    "convert --scratch /no/such/directory one two",
    "convert ftp://example.org/one two",
    "convert one -",
    "no-such-command",
    "map",
    "info"
  })
  void saysHowItIsUsed(String line) throws Exception {
    Outcome outcome = InProcess.gantry((Object[]) line.split(" "));

    outcome.expectRefused(2);
    assertThat(outcome.out()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"TERM,143", "INT,130"})
  void removesWhatIsHalfMadeWhenToldToStop(String signal, int status) throws Exception {
    // Whoever runs the tests in the background may have them, and their children, ignore SIGINT.
    Process process =
        Program.gantry("convert", "-", target).under("env", "--default-signal=INT").start();
    OutputStream pipe = feedHalf(process);

    long startNanos = System.nanoTime();
    Tool.run("kill", "-" + signal, process.pid());
    boolean ended = process.waitFor(20, TimeUnit.SECONDS);
    Duration elapsed = Duration.ofNanos(System.nanoTime() - startNanos);
    closeBroken(pipe);

    assertThat(ended).isTrue();
    assertThat(process.exitValue()).isEqualTo(status);
    assertThat(elapsed).isLessThan(STOP_MAX);
    assertThat(target).doesNotExist();
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(err.lines()).hasSize(1);
    assertThat(err).contains(target.toString());
    assertThat(process.getInputStream().readAllBytes()).isEmpty();
  }

  @Test
  void startsAnewAfterItWasKilled() throws Exception {
    Process process = Program.gantry("convert", "-", target).start();
    OutputStream pipe = feedHalf(process);
    Tool.run("kill", "-KILL", process.pid());
    process.waitFor();
    closeBroken(pipe);
    assertThat(process.getInputStream().readAllBytes()).isEmpty();

    Program.gantry("convert", image, target).run().expectRefused(5);
    Program.gantry("convert", "--force", image, target).run().expectDone();
    Disks.assertSame(disk, target);
  }

  /** Pours half of the image into the process, and waits until it has begun to write. */
  private OutputStream feedHalf(Process process) throws Exception {
    OutputStream pipe = process.getOutputStream();
    pipe.write(Files.readAllBytes(image), 0, (int) (Files.size(image) / 2));
    pipe.flush();
    for (int i = 0; i < 1000 && !(Files.exists(target) && Files.size(target) > 0); i++) {
      Thread.sleep(20);
    }
    assertThat(target).exists();
    return pipe;
  }

  private static void closeBroken(OutputStream pipe) {
    try {
      pipe.close();
    } catch (IOException nobodyReads) {
      return;
    }
  }

  private static String sha256(Path file) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }

  private static void mount(Object... words) throws Exception {
    Object[] command = new Object[words.length + 1];
    command[0] = "mount";
    System.arraycopy(words, 0, command, 1, words.length);
    try {
      Tool.run(command);
    } catch (AssertionError e) {
      Assumptions.abort("mounting is forbidden here: " + e.getMessage());
    }
  }
}
