package io.gantry.registry;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.gantry.image.ImageException;
import io.gantry.image.MalformedImageException;
import io.gantry.image.UnsupportedImageException;
import io.gantry.source.SourceException;
import io.gantry.testkit.ContainerImage;
import io.gantry.testkit.Qcow2Builder;
import io.gantry.testkit.SourceContract;
import io.gantry.testkit.TarBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Which bytes of an image are the disk, and which images have none. */
final class DiskSearchTest {

  private static final byte[] DISK = SourceContract.bytes(1_000_003);
  private static final byte[] OTHER = SourceContract.bytes(70_001);
  private static final String TAR = "application/vnd.oci.image.layer.v1.tar";

  @TempDir Path folder;

  static Stream<Arguments> compressions() throws IOException {
    byte[] tar = ContainerImage.tar(Map.of("etc/hosts", OTHER, "disk/disk.img", DISK));
    ByteArrayOutputStream xz = new ByteArrayOutputStream();
    try (OutputStream out = new XZOutputStream(xz, new LZMA2Options(0))) {
      out.write(tar);
    }
    return Stream.of(
        Arguments.of("as it is", tar),
        Arguments.of("gzip", ContainerImage.gzip(tar)),
        Arguments.of("zstd", Zstd.compress(tar)),
        Arguments.of("xz", xz.toByteArray()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("compressions")
  void tellsTheCompressionOfALayerByItsContent(String name, byte[] layer) throws Exception {
    // The media type says gzip for all of them.
    assertThat(disk(ContainerImage.builder().layer(layer))).isEqualTo(DISK);
  }

  @Test
  void takesTheFirstDiskFromTheBaseUp() throws Exception {
    assertThat(
            disk(
                ContainerImage.builder()
                    .layer(layer(Map.of("etc/hosts", OTHER)))
                    .layer(layer(Map.of("disk/disk.img", DISK)))
                    .layer(layer(Map.of("disk/disk.img", OTHER)))))
        .isEqualTo(DISK);
  }

  @Test
  void passesOverDirectoriesAndWhiteouts() throws Exception {
    byte[] tar =
        concat(
            ContainerImage.tarHeader("disk/", '5', 0),
            ContainerImage.tarHeader("disk/.wh.disk.img", '0', 0),
            ContainerImage.tarHeader("/disk/absolute.img", '0', 0),
            ContainerImage.tar(Map.of("./disk/disk.img", DISK)));
    assertThat(disk(ContainerImage.builder().layer(tar))).isEqualTo(DISK);
  }

  @Test
  void skipsALayerThatWasPublishedBroken() throws Exception {
    byte[] gzip = layer(Map.of("disk/disk.img", OTHER));
    assertThat(
            disk(
                ContainerImage.builder()
                    .layer(Arrays.copyOf(layer(Map.of("etc/hosts", OTHER)), 20_000))
                    .layer("no layer at all".getBytes(US_ASCII))
                    .layer(new byte[0])
                    .layer(ContainerImage.tar(Map.of()))
                    .layer(layer(Map.of("disk/disk.img", DISK)))
                    .layer(gzip)))
        .isEqualTo(DISK);
  }

  @Test
  void saysWhatWasUnreadableWhenThereIsNoDisk() {
    assertThatThrownBy(
            () ->
                disk(
                    ContainerImage.builder()
                        .layer(layer(Map.of("etc/hosts", OTHER)))
                        .layer("no layer at all".getBytes(US_ASCII))))
        .isInstanceOf(UnsupportedImageException.class)
        .hasMessageContaining("Failed to find VM disk image file in the container image: 2 layers")
        .hasMessageContaining(", 1 unreadable: sha256:")
        .hasMessageContaining("it is no tar")
        .hasMessageNotContaining("failed to pull image");
  }

  @Test
  void namesAFewOfManyUnreadableLayers() {
    ContainerImage.Builder image = ContainerImage.builder();
    for (int i = 0; i < 40; i++) {
      image.layer(("no layer at all " + i).getBytes(US_ASCII));
    }
    assertThatThrownBy(() -> disk(image))
        .hasMessageContaining("40 layers, 40 unreadable: sha256:")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1000));
  }

  @Test
  void refusesALayerWithOtherBytesThanItsDigestSaysAlthoughALaterOneHasADisk() {
    byte[] blob = layer(Map.of("etc/hosts", OTHER));
    String wrong = ContainerImage.digest(DISK);
    assertThatThrownBy(
            () ->
                disk(
                    ContainerImage.builder()
                        .layer(blob, wrong, blob.length)
                        .layer(layer(Map.of("disk/disk.img", DISK)))))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("failed to pull image: blob " + wrong)
        .hasMessageContaining(ContainerImage.digest(blob));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1})
  void refusesALayerOfAnotherLengthThanTheManifestSays(int difference) {
    byte[] blob = layer(Map.of("disk/disk.img", DISK));
    assertThatThrownBy(
            () ->
                disk(
                    ContainerImage.builder()
                        .layer(blob, ContainerImage.digest(blob), blob.length + difference)))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("failed to pull image: blob " + ContainerImage.digest(blob))
        .hasMessageContaining(Integer.toString(blob.length + difference));
  }

  @Test
  void readsTheRestOfTheLayerBeforeTheDiskEnds() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("disk/disk.img", DISK);
    files.put("etc/hosts", OTHER);
    byte[] whole = ContainerImage.tar(files);
    byte[] broken = whole.clone();
    broken[broken.length - 2000] ^= 1;
    assertThatThrownBy(
            () ->
                disk(
                    ContainerImage.builder()
                        .layer(broken, ContainerImage.digest(whole), whole.length)))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("failed to pull image")
        .hasMessageContaining("has other bytes than its digest says");
  }

  @Test
  void refusesADiskThatIsCutShort() {
    byte[] cut = Arrays.copyOf(ContainerImage.tar(Map.of("disk/disk.img", DISK)), 500_000);
    assertThatThrownBy(() -> disk(ContainerImage.builder().layer(cut)))
        .isInstanceOf(MalformedImageException.class)
        .hasMessageContaining("failed to pull image");
    byte[] cutGzip = Arrays.copyOf(layer(Map.of("disk/disk.img", DISK)), 500_000);
    assertThatThrownBy(() -> disk(ContainerImage.builder().layer(cutGzip)))
        .isInstanceOf(MalformedImageException.class)
        .hasMessageContaining("failed to pull image");
  }

  @ParameterizedTest
  @CsvSource({
    "disk.img,image directory does not exist",
    "disks/disk.img,image directory does not exist",
    "disk/a/disk.img,image directory contains another directory",
    "disk,image directory does not exist",
    "./disk.qcow2,image directory does not exist",
    "disk/../disk.img,image directory does not exist",
  })
  void refusesADiskInAWrongPlace(String name, String why) {
    assertThatThrownBy(() -> disk(ContainerImage.builder().layer(layer(Map.of(name, DISK)))))
        .isInstanceOf(UnsupportedImageException.class)
        .hasMessageContaining(why)
        .hasMessageContaining(name);
  }

  @Test
  void takesADiskInTheRightPlaceHoweverItsNameIsWritten() throws Exception {
    for (String name : List.of("disk/d", "./disk//d", "disk/./d", "disk/a/../d", "./disk/é")) {
      assertThat(disk(ContainerImage.builder().layer(layer(Map.of(name, DISK))))).isEqualTo(DISK);
    }
  }

  @Test
  void passesOverALayerWhoseDiskLeadsOutOfTheImage() throws Exception {
    byte[] hostile = layer(Map.of("disk/../../etc/passwd", OTHER));
    assertThat(
            disk(
                ContainerImage.builder()
                    .layer(hostile)
                    .layer(layer(Map.of("disk/disk.img", DISK)))))
        .isEqualTo(DISK);
    assertThatThrownBy(() -> disk(ContainerImage.builder().layer(hostile)))
        .isInstanceOf(UnsupportedImageException.class)
        .hasMessageContaining("Failed to find VM disk image file in the container image: 1 layer")
        .hasMessageContaining("disk/../../etc/passwd: its name leads out of the image");
  }

  @Test
  void passesOverALayerInADialectThatIsNotKnown() throws Exception {
    byte[] star =
        new TarBuilder().add(TarBuilder.header("etc/sparse", 'S').size(512), new byte[512]).end();
    assertThat(
            disk(ContainerImage.builder().layer(star).layer(layer(Map.of("disk/disk.img", DISK)))))
        .isEqualTo(DISK);
  }

  @Test
  void takesALayerWithoutEndMarker() throws Exception {
    byte[] tar = new TarBuilder().file("etc/hosts", "x").cut();
    byte[] disk = new TarBuilder().file("disk/d", "d".repeat(600)).cut();
    assertThat(disk(ContainerImage.builder().layer(tar).layer(disk))).hasSize(600);
  }

  @Test
  void passesOverALayerThatTheStoreHasNot() throws Exception {
    byte[] lost = layer(Map.of("etc/hosts", OTHER));
    ContainerImage.Builder image =
        ContainerImage.builder().layer(lost).layer(layer(Map.of("disk/disk.img", DISK)));
    Path directory = image.build().writeDirectory(folder.resolve("lost"));
    Files.delete(directory.resolve("blobs/" + ContainerImage.digest(lost).replace(':', '/')));

    assertThat(TestPulls.of("oci:" + directory).disk()).isEqualTo(DISK);
  }

  @Test
  void saysThatPullingFailedWhenTheDiskMayBeInALayerThatTheStoreHasNot() throws Exception {
    byte[] lost = layer(Map.of("disk/disk.img", DISK));
    Path directory =
        ContainerImage.builder()
            .layer(layer(Map.of("etc/hosts", OTHER)))
            .layer(lost)
            .build()
            .writeDirectory(folder.resolve("lost"));
    Files.delete(directory.resolve("blobs/" + ContainerImage.digest(lost).replace(':', '/')));

    assertThatThrownBy(() -> TestPulls.of("oci:" + directory).disk())
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("failed to pull image: Failed to find VM disk image file")
        .hasMessageContaining("2 layers, 1 unreadable: ");
  }

  @Test
  void putsNoStrangersNewlinesIntoMessages() {
    Map<String, byte[]> files = Map.of("disk/a\nb/\u001b[1m", DISK);
    assertThatThrownBy(() -> disk(ContainerImage.builder().layer(layer(files))))
        .isInstanceOf(UnsupportedImageException.class)
        .hasMessageContaining("disk/a b/ [1m: image directory contains another directory");
  }

  @ParameterizedTest
  @ValueSource(chars = {'1', '2', '3', '6'})
  void countsLinksAndDevicesAsFilesThatAreEmpty(char type) {
    byte[] tar = concat(ContainerImage.tarHeader("disk/disk.img", type, 0), new byte[1024]);
    assertThatThrownBy(() -> disk(ContainerImage.builder().layer(tar)))
        .isInstanceOf(UnsupportedImageException.class)
        .hasMessageContaining("image file does not exist in image directory - directory is empty");
  }

  @Test
  void fillsTheHolesOfSparseMembers() throws Exception {
    int half = 200_000;
    byte[] data = SourceContract.bytes(2 * half);
    byte[] tar =
        new TarBuilder()
            .add(
                TarBuilder.header("disk/disk.img", 'S')
                    .gnu()
                    .size(data.length)
                    .sparse(0, 4096, half + 192)
                    .sparse(1, 409_600, half - 192)
                    .realSize(1 << 20),
                data)
            .end();
    byte[] expected = new byte[1 << 20];
    System.arraycopy(data, 0, expected, 4096, half + 192);
    System.arraycopy(data, half + 192, expected, 409_600, half - 192);
    assertThat(disk(ContainerImage.builder().layer(ContainerImage.gzip(tar)))).isEqualTo(expected);
  }

  @Test
  void readsLongNamesInBothDialects() throws Exception {
    String name = "disk/" + "x".repeat(200) + ".img";
    byte[] file =
        new TarBuilder().add(TarBuilder.header("short", '0').size(DISK.length), DISK).end();
    for (byte[] before :
        List.of(
            new TarBuilder().pax("path", name).cut(),
            new TarBuilder().extended('L', name + "\0").cut())) {
      assertThat(disk(ContainerImage.builder().layer(concat(before, file)))).isEqualTo(DISK);
    }
  }

  @Test
  void boundsWhatHeadersMayTake() {
    byte[] huge = new byte[6 << 20];
    Arrays.fill(huge, (byte) 'x');
    byte[] tar =
        concat(
            ContainerImage.tarHeader("././@LongLink", 'L', huge.length),
            huge,
            ContainerImage.tar(Map.of("disk/disk.img", DISK)));
    assertThatThrownBy(() -> disk(ContainerImage.builder().layer(tar)))
        .isInstanceOf(UnsupportedImageException.class)
        .hasMessageContaining("Failed to find VM disk image file")
        .hasMessageContaining("the extended header at 0 has 6291456 bytes, the limit is 4194304");
  }

  @Test
  void deliversAnArtifactThatIsTheDiskItself() throws Exception {
    byte[] qcow2 =
        new Qcow2Builder(16).size(1 << 20).l1().l2(0).data(3, SourceContract.bytes(65536)).build();
    assertThat(
            disk(ContainerImage.builder().artifact().layer(DISK, "application/vnd.example.disk")))
        .isEqualTo(DISK);
    assertThat(
            disk(
                ContainerImage.builder()
                    .artifact()
                    .layer(ContainerImage.gzip(qcow2), "application/gzip")))
        .isEqualTo(qcow2);
    // Told by its magic, whatever it is called and whatever lies beside it.
    assertThat(
            disk(
                ContainerImage.builder()
                    .artifact()
                    .layer("{}".getBytes(US_ASCII), "application/json")
                    .layer(qcow2, TAR)))
        .isEqualTo(qcow2);
  }

  @Test
  void passesOverADiskImageInPlaceOfAnImagesLayer() throws Exception {
    byte[] qcow2 = new Qcow2Builder(16).size(1 << 20).l1().l2(0).build();
    assertThat(
            disk(
                ContainerImage.builder()
                    .layer(qcow2, TAR)
                    .layer(layer(Map.of("disk/disk.img", DISK)))))
        .isEqualTo(DISK);
    assertThatThrownBy(() -> disk(ContainerImage.builder().layer(ContainerImage.gzip(qcow2))))
        .isInstanceOf(UnsupportedImageException.class)
        .hasMessageContaining("Failed to find VM disk image file in the container image: 1 layer")
        .hasMessageContaining("it is no tar");
    // Nobody said that it was one.
    assertThat(disk(ContainerImage.builder().layer(qcow2, "application/octet-stream")))
        .isEqualTo(qcow2);
  }

  @Test
  void doesNotTakeAnythingInAnArtifactForADisk() {
    assertThatThrownBy(
            () ->
                disk(
                    ContainerImage.builder()
                        .artifact()
                        .layer(DISK, "application/json")
                        .layer(OTHER, "application/spdx")))
        .isInstanceOf(UnsupportedImageException.class)
        .hasMessageContaining("Failed to find VM disk image file");
  }

  @ParameterizedTest
  @CsvSource({"containers.bootc,1", "ostree.bootable,1"})
  void refusesBootableContainers(String label, String value) {
    assertThatThrownBy(
            () ->
                disk(
                    ContainerImage.builder()
                        .label(label, value)
                        .layer(layer(Map.of("disk/disk.img", DISK)))))
        .isInstanceOf(UnsupportedImageException.class)
        .hasMessageContaining("bootc image detected: label " + label + "=1");
  }

  @Test
  void openedAgainItSearchesAgain() throws Exception {
    Path directory =
        ContainerImage.builder()
            .layer(layer(Map.of("disk/disk.img", DISK)))
            .build()
            .writeDirectory(folder.resolve("again"));
    try (RegistrySource source = TestPulls.of("oci:" + directory).open()) {
      source.open().close();
      assertThat(SourceContract.readAll(source.open(), ByteBuffer.allocate(9_999))).isEqualTo(DISK);
    }
  }

  @Test
  void everyCutAndEveryBitFlippedIsTheDiskOrAnError() throws Exception {
    byte[] blob = layer(Map.of("disk/disk.img", Arrays.copyOf(DISK, 3_000)));
    for (int i = 0; i < blob.length; i += 37) {
      byte[] flipped = blob.clone();
      flipped[i] ^= (byte) (1 << (i % 8));
      for (byte[] bad : new byte[][] {flipped, Arrays.copyOf(blob, i)}) {
        ContainerImage.Builder lying =
            ContainerImage.builder().layer(bad, ContainerImage.digest(blob), blob.length);
        assertThatThrownBy(() -> disk(lying)).isInstanceOf(SourceException.class);
        try {
          disk(ContainerImage.builder().layer(bad));
        } catch (ImageException expected) {
          assertThat(expected.getMessage()).doesNotContain("\n");
        }
      }
    }
  }

  private byte[] disk(ContainerImage.Builder image) throws IOException {
    Path archive = image.build().writeArchive(folder.resolve("image.tar"));
    return TestPulls.of("oci-archive:" + archive).architecture("").disk();
  }

  private static byte[] layer(Map<String, byte[]> files) {
    return ContainerImage.gzip(ContainerImage.tar(files));
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
