package io.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.testkit.Nginx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is neither QCOW2 nor plainly raw: images in formats that are not decoded, raw disks that
 * begin like images, and disks of odd lengths; 5.1 and 5.3 of the worker contract.
 */
final class ForeignFormatTest {

  private static final int SIZE = 1 << 20;

  @TempDir(factory = InMemory.class)
  private static Path folder;

  private static Path web;
  private static Path disk;
  private static Nginx server;

  private Path root;

  @BeforeAll
  static void serve() throws Exception {
    web = Files.createDirectory(folder.resolve("web"));
    disk = GuestDisk.write(web.resolve("disk"), SIZE, 77);
    server = Nginx.serve(web);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void nameRoot() throws IOException {
    root = Files.createTempDirectory(folder, "pod");
  }

  private Pod pod(String file) throws IOException {
    return Pod.withFilesystem(root).endpoint(server.url(file));
  }

  private static void assertComplete(Pod.Ended ended) {
    assertThat(ended.status()).as(ended.outcome().err()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"vmdk", "vdi", "vpc", "vhdx", "qcow", "qed", "parallels"})
  void refusesAnImageInAFormatThatIsNotDecoded(String format) throws Exception {
    Path image = web.resolve("image." + format);
    Tool.run("qemu-img", "convert", "-f", "raw", "-O", format, disk, image);
    Tool.filter(image, Path.of(image + ".gz"), "gzip", "-1");

    for (String file : List.of("image." + format, "image." + format + ".gz")) {
      Pod.Ended ended = pod(file).run();

      assertThat(ended.status()).isEqualTo(1);
      assertThat(ended.message())
          .startsWith(
              "Unable to process data: Unable to convert source data to target format: Invalid"
                  + " format %s for image %s".formatted(format, server.url(file)))
          .endsWith("convert it with qemu-img convert -f " + format + " -O qcow2 first");
      assertThat(ended.outcome().err()).contains("error code G302");
      assertThat(root.resolve("data")).isEmptyDirectory();
    }
    Outcome converted = Program.gantry("convert", image, root.resolve("target")).run();
    converted.expectRefused(4);
    assertThat(converted.err()).contains("qemu-img convert -f " + format);
  }

  /** Nothing but a trailer tells it, and raw uploads must stay what they are (row 23). */
  @Test
  void importsAFixedVhdAsTheRawDiskItBeginsWithTrailerIncluded() throws Exception {
    Path image = web.resolve("fixed.vhd");
    Tool.run("qemu-img", "convert", "-f", "raw", "-O", "vpc", "-o", "subformat=fixed", disk, image);
    Pod pod = pod("fixed.vhd");

    assertComplete(pod.run());

    Disks.assertSame(image, pod.disk());
  }

  @Test
  void refusesAVmdkDescriptorAndFollowsNoneOfItsNames() throws Exception {
    Tool.run(
        "qemu-img",
        "convert",
        "-f",
        "raw",
        "-O",
        "vmdk",
        "-o",
        "subformat=monolithicFlat",
        disk,
        web.resolve("flat.vmdk"));

    Pod.Ended ended = pod("flat.vmdk").run();

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.message())
        .startsWith(
            "Unable to process data: Unable to obtain information about data source: could not"
                + " process image header: ")
        .contains("holds a VMDK descriptor, which only names the files with the disk");
    assertThat(root.resolve("data")).isEmptyDirectory();
  }

  /** The reference looks at the finished disk once more, and takes it for what is inside. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "LUKS\u00ba\u00be, false",
        "LUKS\u00ba\u00be, true",
        "\"# Disk DescriptorFile\nversion=1\n\", false",
        "\"# Disk DescriptorFile\nversion=1\n\", true",
        "QFI\u00fb, true",
        "KDMV, true",
        "vhdxfile, true",
        "conectix, true"
      })
  void importsADiskThatBeginsLikeAnImageByteByByte(String magic, boolean inQcow2) throws Exception {
    byte[] bytes = new byte[SIZE];
    new SplittableRandom(3).nextBytes(bytes);
    byte[] beginning = magic.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(beginning, 0, bytes, 0, beginning.length);
    Path raw = Files.write(web.resolve("signed"), bytes);
    Tool.run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", raw, web.resolve("signed.qcow2"));
    Pod pod = pod(inQcow2 ? "signed.qcow2" : "signed").env("IMPORTER_IMAGE_SIZE", "4Mi");

    assertComplete(pod.run());

    assertThat(Arrays.copyOf(Files.readAllBytes(pod.disk()), SIZE)).isEqualTo(bytes);
    assertThat(Files.size(pod.disk())).isEqualTo(3 * SIZE);
  }

  @ParameterizedTest
  @CsvSource({"512, 512", "513, 1024", "700, 1024", "1535, 1536"})
  void makesWholeSectorsOfADiskOfAnyLength(int length, int sectors) throws Exception {
    byte[] bytes = new byte[length];
    new SplittableRandom(length).nextBytes(bytes);
    bytes[0] = 0; // no text
    Path odd = Files.write(web.resolve("odd"), bytes);
    Tool.filter(odd, web.resolve("odd.gz"), "gzip", "-1");
    Tool.filter(odd, web.resolve("odd.xz"), "xz", "-0");
    Path backing = folder.resolve("device");

    for (String file : List.of("odd", "odd.gz", "odd.xz")) {
      Pod pod = Pod.withFilesystem(root.resolve(file)).endpoint(server.url(file));
      assertComplete(pod.run());
      assertThat(Files.readAllBytes(pod.disk())).isEqualTo(Arrays.copyOf(bytes, sectors));

      try (LoopDevice device = LoopDevice.full(backing, SIZE, 512)) {
        Pod block =
            Pod.withDevice(root.resolve(file + "-block"), device.device())
                .endpoint(server.url(file));
        assertComplete(block.run());
        assertThat(Arrays.copyOf(Files.readAllBytes(backing), sectors))
            .isEqualTo(Arrays.copyOf(bytes, sectors));
        LoopDevice.assertGarbage(backing, sectors, SIZE);
      }
      Files.delete(backing);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nothing", "nothing.gz", "nothing.xz"})
  void refusesADiskOfNothing(String file) throws Exception {
    Path nothing = Files.write(web.resolve("nothing"), new byte[0]);
    Tool.filter(nothing, web.resolve("nothing.gz"), "gzip", "-1");
    Tool.filter(nothing, web.resolve("nothing.xz"), "xz", "-0");

    Pod.Ended ended = pod(file).run();

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.message())
        .contains("could not process image header: ", "holds nothing at all");
    assertThat(root.resolve("data")).isEmptyDirectory();
  }

  /** {@code x.gz.xz} is a disk; the inside of {@code x.gz.gz} holds gzip data and stays so. */
  @Test
  void takesOffEachCompressionOnce() throws Exception {
    Tool.filter(disk, web.resolve("disk.gz"), "gzip", "-1");
    Tool.filter(web.resolve("disk.gz"), web.resolve("disk.gz.gz"), "gzip", "-1");
    Pod pod = pod("disk.gz.gz");

    assertComplete(pod.run());

    Disks.assertBeginsWith(web.resolve("disk.gz"), pod.disk());
  }
}
