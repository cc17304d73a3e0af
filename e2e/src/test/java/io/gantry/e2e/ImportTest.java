package io.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.testkit.CertificateAuthority;
import io.gantry.testkit.Nginx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The importer pod with images from nginx; the numbers are sections of the worker contract. */
final class ImportTest {

  private static final long SIZE = (6L << 20) + 512;
  private static final long MIB = 1L << 20;

  @TempDir(factory = InMemory.class)
  private static Path folder;

  private static Path web;
  private static Path disk;
  private static CertificateAuthority authority;
  private static Nginx plain;
  private static Nginx tls;
  private static Nginx guarded;
  private static Nginx withHeader;
  private static Nginx withoutRanges;

  private Path root;

  @BeforeAll
  static void serve() throws Exception {
    web = Files.createDirectory(folder.resolve("web"));
    disk = DiskForms.write(web, SIZE, 21);
    Tool.run("qemu-img", "create", "-q", "-f", "qcow2", web.resolve("tail.qcow2"), "64M");
    Path users = Files.writeString(folder.resolve("users"), "guest:{PLAIN}se cret\n");
    authority = CertificateAuthority.in(folder.resolve("authority"));
    plain = Nginx.serve(web);
    tls = Nginx.serveTls(web, authority.issue("server", "IP:127.0.0.1"));
    guarded = Nginx.serve(web, "auth_basic images;", "auth_basic_user_file " + users + ";");
    withHeader = Nginx.serve(web, "if ($http_x_secret != \"open sesame\") { return 403; }");
    withoutRanges = Nginx.serve(web, "max_ranges 0;");
  }

  @AfterAll
  static void stop() {
    Stream.of(plain, tls, guarded, withHeader, withoutRanges)
        .filter(Objects::nonNull)
        .forEach(Nginx::close);
  }

  @BeforeEach
  void nameRoot() throws IOException {
    root = Files.createTempDirectory(folder, "pod");
  }

  private Pod pod(String file) throws IOException {
    return Pod.withFilesystem(root).endpoint(plain.url(file));
  }

  private static void assertComplete(Pod.Ended ended, boolean preallocated) {
    assertThat(ended.status()).as(ended.outcome().err()).isZero();
    assertThat(ended.message())
        .isEqualTo(
            "{\"scratchSpaceRequired\":false,\"preallocationApplied\":"
                + preallocated
                + ",\"message\":\"Import Complete\"}");
  }

  private static void assertFailed(Pod.Ended ended, String message) {
    assertThat(ended.status()).as(ended.outcome().err()).isEqualTo(1);
    assertThat(ended.message()).contains(message).doesNotContain("\n");
    assertThat(ended.outcome().err()).contains(message);
    ended.outcome().expectNoStackTrace();
  }

  /** 5.8: never shrinks, grows to the smaller of what is asked for and what is usable. */
  @Test
  void growsTheDiskToTheSizeAskedForLessTheOverhead() throws Exception {
    Pod pod = pod("disk.gz").env("IMPORTER_IMAGE_SIZE", "64Mi");

    assertComplete(pod.run(), false);

    assertThat(Files.size(pod.disk())).isEqualTo(60 * MIB); // floor(64 MiB / 1.06) to a MiB
    Disks.assertBeginsWith(disk, pod.disk());
  }

  @Test
  void acceptsADiskAsLargeAsTheVolumeDespiteTheOverhead() throws Exception {
    Pod pod = pod("tail.qcow2").env("IMPORTER_IMAGE_SIZE", "64Mi");

    assertComplete(pod.run(), false);

    assertThat(Files.size(pod.disk())).isEqualTo(64 * MIB);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tail.qcow2", "disk.gz", "disk"})
  void refusesADiskLargerThanTheVolume(String file) throws Exception {
    Pod pod = pod(file).env("IMPORTER_IMAGE_SIZE", "5Mi");

    assertFailed(
        pod.run(),
        "is larger than the reported available storage 5242880. A larger PVC is required");
    assertThat(pod.disk()).doesNotExist();
  }

  /** 1.9 */
  @ParameterizedTest
  @ValueSource(strings = {"disk", "disk.gz", "plain.qcow2"})
  void verifiesTheChecksumOfTheBytesOnTheWire(String file) throws Exception {
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(web.resolve(file)));
    Pod pod =
        pod(file)
            .env(
                "IMPORTER_CHECKSUM",
                " SHA256: " + HexFormat.of().withUpperCase().formatHex(digest));

    assertComplete(pod.run(), false);

    Disks.assertSame(disk, pod.disk());
  }

  @ParameterizedTest
  @ValueSource(strings = {"disk", "disk.gz", "plain.qcow2"})
  void makesAChecksumMismatchFinalAndLeavesNoDisk(String file) throws Exception {
    String expected = "md5:" + "0".repeat(32);
    Pod pod = pod(file).env("IMPORTER_CHECKSUM", expected);

    Pod.Ended ended = pod.run();

    assertThat(ended.status()).isZero();
    assertThat(ended.message())
        .startsWith("{\"message\":\"Unable to process data: ")
        .contains("checksum validation failed: checksum mismatch: expected " + expected)
        .contains(", calculated md5:");
    assertThat(pod.disk()).doesNotExist();
  }

  /** Nobody needs to know what is wrong with an image that is another one. */
  @ParameterizedTest
  @ValueSource(strings = {"broken.qcow2", "cut.qcow2", "page", "other.vmdk"})
  void saysThatItIsAnotherImageEvenWhenItCannotBeDecoded(String file) throws Exception {
    byte[] image = Files.readAllBytes(web.resolve("plain.qcow2"));
    Files.write(web.resolve("cut.qcow2"), Arrays.copyOf(image, image.length / 2));
    Arrays.fill(image, 0x30000, 0x30010, (byte) 0xff);
    Files.write(web.resolve("broken.qcow2"), Arrays.copyOf(image, 0x30010));
    Files.writeString(web.resolve("page"), "<html>" + "x".repeat(5000));
    Files.writeString(web.resolve("other.vmdk"), "KDMV" + "\0".repeat(5000));
    for (Nginx server : List.of(plain, withoutRanges)) {
      Pod pod = Pod.withFilesystem(root).endpoint(server.url(file));
      assertThat(pod.run().status()).isEqualTo(1);

      Pod.Ended ended = pod.env("IMPORTER_CHECKSUM", "sha256:" + "0".repeat(64)).run();

      assertThat(ended.status()).isZero();
      assertThat(ended.message())
          .startsWith("{\"message\":\"Unable to process data: ")
          .contains("checksum mismatch: expected sha256:0000", ", calculated sha256:");
      assertThat(pod.data()).isEmptyDirectory();
    }
  }

  @Test
  void tellsWhatIsWrongWithTheVeryImageThatWasMeant() throws Exception {
    byte[] page = ("<html>" + "x".repeat(5000)).getBytes(StandardCharsets.UTF_8);
    Files.write(web.resolve("page"), page);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(page);

    assertFailed(
        pod("page").env("IMPORTER_CHECKSUM", "sha256:" + HexFormat.of().formatHex(digest)).run(),
        "holds an HTML page");
  }

  /** 5.10, 1.7 */
  @ParameterizedTest
  @ValueSource(strings = {"gz", "xz", "zst"})
  void saysThatPullingFailedWhenACompressedStreamIsDamaged(String compression) throws Exception {
    byte[] whole = Files.readAllBytes(web.resolve("disk." + compression));
    Files.write(web.resolve("cut." + compression), Arrays.copyOf(whole, whole.length - 1000));
    byte[] damaged = whole.clone();
    damaged[whole.length / 2] ^= 0x55;
    damaged[whole.length / 2 + 1] ^= 0x55;
    Files.write(web.resolve("damaged." + compression), damaged);
    for (String file : List.of("cut.", "damaged.")) {
      Pod.Ended ended = pod(file + compression).run();
      assertFailed(
          ended, "Unable to transfer source data to scratch space: failed to pull image: ");
      assertThat(ended.outcome().err()).contains("error code G301");
    }
  }

  @Test
  void wipesADeviceWhoseChecksumIsWrong() throws Exception {
    Path backing = folder.resolve("device");
    try (LoopDevice device = LoopDevice.full(backing, SIZE + MIB, 512)) {
      Pod pod =
          Pod.withDevice(root, device.device())
              .endpoint(plain.url("disk.gz"))
              .env("IMPORTER_CHECKSUM", "md5:" + "0".repeat(32));

      assertThat(pod.run().message()).contains("checksum mismatch");

      assertThat(SparseFile.isZero(backing, 0, SIZE)).isTrue();
      LoopDevice.assertGarbage(backing, SIZE, SIZE + MIB);
    }
    Files.delete(backing);
  }

  @ParameterizedTest
  @ValueSource(strings = {"crc32:00", " "})
  void refusesAChecksumThatIsNoneBeforeAsking(String checksum) throws Exception {
    assertFailed(
        pod("disk").env("IMPORTER_CHECKSUM", checksum).run(),
        "Unable to connect to http data source: invalid checksum: ");
  }

  @Test
  void tellsTheStatusOfAMissingFile() throws Exception {
    Pod.Ended ended = pod("nothing").run();

    assertFailed(ended, "expected status code 200, got 404. Status: 404 Not Found");
    assertThat(ended.message()).startsWith("Unable to connect to http data source: ");
  }

  @Test
  void tellsThatNobodyAnswers() throws Exception {
    assertFailed(
        Pod.withFilesystem(root).endpoint("http://127.0.0.1:1/disk").run(),
        "Unable to connect to http data source: HTTP request errored: ");
  }

  @Test
  void trustsTheCertificatesOfTheConfigMap() throws Exception {
    Path certificates = Files.createDirectories(root.resolve("certs"));
    Files.copy(authority.certificate(), certificates.resolve("tls.crt"));
    Files.writeString(certificates.resolve("readme"), "no certificate\n");
    Files.createDirectory(certificates.resolve("..data"));
    Pod pod =
        Pod.withFilesystem(root)
            .endpoint(tls.url("plain.qcow2"))
            .env("IMPORTER_CERT_DIR", "/certs");

    assertComplete(pod.run(), false);
    Disks.assertSame(disk, pod.disk());
  }

  @Test
  void verifiesCertificatesUnlessToldNotTo() throws Exception {
    Pod pod = Pod.withFilesystem(root).endpoint(tls.url("disk"));

    assertFailed(pod.run(), "certificate is not trusted");
    assertComplete(pod.env("INSECURE_TLS", "true").run(), false);
  }

  @Test
  void sendsUserAndPassword() throws Exception {
    Pod pod =
        Pod.withFilesystem(root)
            .endpoint(guarded.url("disk.zst"))
            .env("IMPORTER_ACCESS_KEY_ID", "guest")
            .env("IMPORTER_SECRET_KEY", "se cret");

    assertComplete(pod.run(), false);
    assertFailed(
        pod.env("IMPORTER_SECRET_KEY", "wrong").run(), "expected status code 200, got 401");
  }

  @Test
  void sendsExtraHeadersAndSecretOnesWithoutLoggingThem() throws Exception {
    Pod pod = Pod.withFilesystem(root).endpoint(withHeader.url("disk"));
    assertFailed(pod.run(), "got 403");
    Files.createDirectories(root.resolve("extraheaders/0/..data"));
    Files.writeString(root.resolve("extraheaders/0/..data/x"), "X-Other: other");
    Files.writeString(root.resolve("extraheaders/0/header"), "X-Secret: open sesame\n");

    Pod.Ended ended = pod.run();

    assertComplete(ended, false);
    assertThat(ended.outcome().err()).doesNotContain("sesame");
    Files.delete(root.resolve("extraheaders/0/header"));
    assertComplete(pod.env("IMPORTER_EXTRA_HEADER_0", "X-Secret: open sesame").run(), false);
  }

  /** 1.5: the table after the data, and a server that cannot be asked twice. */
  @Test
  void asksForScratchSpaceOnlyWhenItIsNeeded() throws Exception {
    Path late = web.resolve("late.qcow2");
    Path big = GuestDisk.write(folder.resolve("big"), 128 * MIB, 3);
    Tool.run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", "-o", "cluster_size=4k", big, late);
    Tool.run("qemu-img", "resize", "-q", late, "8G");
    Pod pod = Pod.withFilesystem(root).endpoint(withoutRanges.url("late.qcow2"));

    Pod.Ended asked = pod.run();

    assertThat(asked.status()).as(asked.outcome().err()).isZero();
    assertThat(asked.message())
        .isEqualTo(
            "{\"scratchSpaceRequired\":true,\"preallocationApplied\":false,"
                + "\"message\":\"Import Complete\"}");
    assertThat(pod.disk()).doesNotExist();
    assertComplete(pod.withScratch().run(), false);
    Disks.assertBeginsWith(big, pod.disk());
    assertThat(root.resolve("scratch")).isEmptyDirectory();
  }

  @Test
  void zeroesABlankDeviceOnlyWithPreallocation() throws Exception {
    Path backing = folder.resolve("device");
    try (LoopDevice device = LoopDevice.full(backing, 8 * MIB, 512)) {
      Pod pod =
          Pod.withDevice(root, device.device())
              .env("IMPORTER_SOURCE", "none")
              .env("IMPORTER_IMAGE_SIZE", "5000000");

      Pod.Ended untouched = pod.run();
      assertThat(untouched.status()).isZero();
      assertThat(untouched.message()).isEmpty();
      LoopDevice.assertGarbage(backing, 0, 8 * MIB);

      assertComplete(pod.env("PREALLOCATION", "true").run(), true);
      assertThat(SparseFile.isZero(backing, 0, 5_000_192)).isTrue();
      LoopDevice.assertGarbage(backing, 5_000_192, 8 * MIB);
    }
    Files.delete(backing);
  }

  @ParameterizedTest
  @ValueSource(strings = {"archive", "other", ""})
  void refusesABlankDiskThatIsNoDisk(String contentType) throws Exception {
    Pod.Ended ended =
        Pod.withFilesystem(root)
            .env("IMPORTER_SOURCE", "none")
            .env("IMPORTER_CONTENTTYPE", contentType)
            .run();

    assertFailed(ended, "Cannot create empty disk with content type archive");
  }

  @Test
  void namesASourceNobodyKnows() throws Exception {
    assertFailed(
        Pod.withFilesystem(root).env("IMPORTER_SOURCE", "glance").endpoint("x").run(),
        "Unknown data source: glance");
  }

  @ParameterizedTest
  @CsvSource({"PREALLOCATION, '', 1", "PREALLOCATION, yes, 1", "IMPORTER_IMAGE_SIZE, big, 2"})
  void endsWithoutAMessageWhenTheEnvironmentMakesNoSense(String name, String value, int status)
      throws Exception {
    Pod.Ended ended = pod("disk").env(name, value).run();

    assertThat(ended.status()).isEqualTo(status);
    assertThat(ended.message()).isEmpty();
    assertThat(ended.outcome().err()).contains(name);
  }

  @Test
  void refusesAnImageCutShort() throws Exception {
    byte[] whole = Files.readAllBytes(web.resolve("plain.qcow2"));
    Files.write(web.resolve("cut.qcow2"), Arrays.copyOf(whole, whole.length - 100_000));
    Pod pod = pod("cut.qcow2");

    assertFailed(pod.run(), "truncated");
    assertThat(pod.disk()).doesNotExist();
  }

  /** 4.7 */
  @Test
  void pullsFromTheContainerBesideIt() throws Exception {
    Path shared = Files.createDirectories(root.resolve("shared"));
    Files.writeString(shared.resolve("ready"), "plain.qcow2");
    Files.writeString(web.resolve("info"), "{\"env\":[\"PATH=/bin\",\"A_KUBEVIRT_IO_DEFAULT=b\"]}");
    Pod pod =
        Pod.withFilesystem(root)
            .endpoint(plain.url("disk.img"))
            .env("IMPORTER_PULL_METHOD", "node")
            .env("IMPORTER_READY_FILE", "/shared/ready")
            .env("IMPORTER_DONE_FILE", "/shared/done");

    Pod.Ended ended = pod.run();

    assertThat(ended.status()).as(ended.outcome().err()).isZero();
    assertThat(ended.message())
        .isEqualTo(
            "{\"scratchSpaceRequired\":false,\"preallocationApplied\":false,"
                + "\"labels\":{\"a.kubevirt.io/default\":\"b\"},\"message\":\"Import Complete\"}");
    assertThat(shared.resolve("done")).exists();
    Disks.assertSame(disk, pod.disk());
  }

  private Pod archive(String file) throws IOException {
    return pod(file).env("IMPORTER_CONTENTTYPE", "archive");
  }

  private Path makeArchive(String name, String... options) throws Exception {
    Path tree = Files.createDirectories(folder.resolve("tree/deep/er"));
    Files.writeString(tree.resolve("file"), "content\n");
    Files.copy(disk, folder.resolve("tree/disk"), StandardCopyOption.REPLACE_EXISTING);
    Tool.run("ln", "-sf", "deep/er/file", folder.resolve("tree/link"));
    Tool.run("chmod", "2751", folder.resolve("tree/deep"));
    Path archive = web.resolve(name);
    List<Object> words = new ArrayList<>(List.of("tar"));
    words.addAll(List.of(options));
    words.addAll(List.of("-C", folder.resolve("tree"), "-cf", archive, "."));
    Tool.run(words.toArray());
    return archive;
  }

  /** 5.9, against GNU tar itself. */
  @ParameterizedTest
  @CsvSource({"a.tar, -S", "a.tar.gz, -z", "a.tar.xz, -J"})
  void unpacksAnArchive(String name, String option) throws Exception {
    makeArchive(name, option);
    Pod pod = archive(name);

    assertComplete(pod.run(), false);

    Tool.run("diff", "-r", "--no-dereference", folder.resolve("tree"), pod.data());
    assertThat(Files.readSymbolicLink(pod.data().resolve("link")))
        .isEqualTo(Path.of("deep/er/file"));
    assertThat(Tool.run("stat", "-c", "%a", pod.data().resolve("deep")).strip()).isEqualTo("2751");
  }

  /** 1.4: the first thing is to read a sector. */
  @ParameterizedTest
  @ValueSource(ints = {0, 300})
  void refusesAnArchiveShorterThanABlock(int length) throws Exception {
    Files.write(web.resolve("short.tar"), new byte[length]);

    assertFailed(
        archive("short.tar").run(),
        "Unable to obtain information about data source: could not process image header:"
            + " unexpected EOF");
  }

  @Test
  void removesWhatABrokenOffDiskLeftBesideTheArchive() throws Exception {
    makeArchive("c.tar");
    Pod pod = archive("c.tar");
    Files.writeString(pod.unfinishedDisk(), "half a disk");
    Files.writeString(pod.data().resolve(".gantry-resume"), "a journal");

    assertComplete(pod.run(), false);

    assertThat(pod.unfinishedDisk()).doesNotExist();
    assertThat(pod.data().resolve(".gantry-resume")).doesNotExist();
    assertThat(pod.data().resolve("disk")).exists();
  }

  @Test
  void refusesAnArchiveCutShort() throws Exception {
    byte[] whole = Files.readAllBytes(makeArchive("whole.tar"));
    Files.write(web.resolve("cut.tar"), Arrays.copyOf(whole, whole.length / 2));

    assertFailed(
        archive("cut.tar").run(),
        "Unable to transfer source data to target directory: unable to untar files from endpoint:"
            + " ");
  }

  @Test
  void emptiesTheVolumeWhenTheArchiveIsNotTheOneMeant() throws Exception {
    makeArchive("b.tar");
    Pod pod = archive("b.tar").env("IMPORTER_CHECKSUM", "sha1:" + "0".repeat(40));

    Pod.Ended ended = pod.run();

    assertThat(ended.status()).isZero();
    assertThat(ended.message()).contains("checksum mismatch");
    assertThat(pod.data()).isEmptyDirectory();
  }

  @Test
  void refusesAPageInPlaceOfADisk() throws Exception {
    Files.writeString(
        web.resolve("login"),
        "<!DOCTYPE html><html><head><title>Sign in</title></head>" + " ".repeat(600) + "</html>");
    Pod pod = pod("login");

    Pod.Ended ended = pod.run();

    assertFailed(ended, "Sign in");
    assertThat(ended.outcome().err()).contains("error code G202");
    assertThat(pod.disk()).doesNotExist();
    assertComplete(pod.env("GANTRY_CONTENT_GUARD", "off").run(), false);
  }
}
