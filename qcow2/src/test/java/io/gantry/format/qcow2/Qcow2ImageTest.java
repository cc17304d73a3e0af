package io.gantry.format.qcow2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.format.ImageOpener;
import io.gantry.format.OpenOptions;
import io.gantry.image.Extent;
import io.gantry.image.Image;
import io.gantry.image.ImageTooLargeException;
import io.gantry.image.Limits;
import io.gantry.image.MalformedImageException;
import io.gantry.image.UnsupportedImageException;
import io.gantry.testkit.BytesInput;
import io.gantry.testkit.Qcow2Builder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Qcow2ImageTest {

  private static final int CLUSTER = 1 << 16;
  private static final long ZERO_FLAG = 1;

  @TempDir Path directory;

  private static byte[] noise(int length, long seed) {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  private static byte[] text(int length, String word) {
    byte[] bytes = new byte[length];
    byte[] pattern = word.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    for (int i = 0; i < length; i++) {
      bytes[i] = pattern[i % pattern.length];
    }
    return bytes;
  }

  private static Image open(byte[] bytes) throws IOException {
    return ImageOpener.open(new BytesInput(bytes), null, OpenOptions.DEFAULT);
  }

  private static byte[] read(Image image, long offset, int length) throws IOException {
    ByteBuffer dst = ByteBuffer.allocate(length);
    image.readFully(offset, dst);
    assertThat(dst.hasRemaining()).isFalse();
    return dst.array();
  }

  private static byte[] readAll(byte[] bytes) throws IOException {
    try (Image image = open(bytes)) {
      return read(image, 0, (int) image.info().virtualSize());
    }
  }

  @Test
  void readsDataWhereTheTableSaysAndZerosElsewhere() throws IOException {
    byte[] content = noise(CLUSTER, 1);
    byte[] image = new Qcow2Builder(16).size(4 * CLUSTER).l1().l2(0).data(2, content).build();

    byte[] disk = readAll(image);

    assertThat(Arrays.copyOfRange(disk, 2 * CLUSTER, 3 * CLUSTER)).isEqualTo(content);
    assertThat(Arrays.copyOf(disk, 2 * CLUSTER)).containsOnly(0);
    assertThat(Arrays.copyOfRange(disk, 3 * CLUSTER, 4 * CLUSTER)).containsOnly(0);
  }

  @Test
  void readsZeroClusterWithoutLookingAtTheStaleDataBehindIt() throws IOException {
    Qcow2Builder builder = new Qcow2Builder(16).size(CLUSTER).l1().l2(0);
    long stale = builder.garbage(noise(CLUSTER, 2));

    assertThat(readAll(builder.entry(0, stale | ZERO_FLAG).build())).containsOnly(0);
  }

  @Test
  void refusesTheZeroFlagInVersion2() throws IOException {
    byte[] image =
        new Qcow2Builder(16).version(2).size(CLUSTER).l1().l2(0).entry(0, ZERO_FLAG).build();

    assertThatThrownBy(() -> readAll(image))
        .isInstanceOf(MalformedImageException.class)
        .hasMessageContaining("version 2");
  }

  @Test
  void readsCompressedClustersPackedWithoutAlignment() throws IOException {
    byte[] first = text(CLUSTER, "first");
    byte[] second = text(CLUSTER, "the second");
    byte[] image =
        new Qcow2Builder(16)
            .size(2 * CLUSTER)
            .l1()
            .l2(0)
            .compressed(1, second)
            .compressed(0, first)
            .build();

    byte[] disk = readAll(image);

    assertThat(Arrays.copyOf(disk, CLUSTER)).isEqualTo(first);
    assertThat(Arrays.copyOfRange(disk, CLUSTER, 2 * CLUSTER)).isEqualTo(second);
  }

  @Test
  void readsAnyPartOfAnImage() throws IOException {
    byte[] image =
        new Qcow2Builder(9)
            .size(8 * 512 + 100)
            .l1()
            .l2(0)
            .data(0, noise(512, 3))
            .data(1, noise(512, 4))
            .compressed(3, text(512, "abc"))
            .data(8, noise(512, 5))
            .build();
    byte[] disk = readAll(image);

    try (Image opened = open(image)) {
      for (int from = 0; from < disk.length; from += 97) {
        for (int length = 1; from + length <= disk.length; length += 211) {
          assertThat(read(opened, from, length))
              .isEqualTo(Arrays.copyOfRange(disk, from, from + length));
        }
      }
    }
  }

  @Test
  void readsSubclustersByTheirTwoBits() throws IOException {
    byte[] content = noise(CLUSTER, 6);
    long allocatedFirstHalf = 0x0000_ffffL;
    long zeroThirdQuarter = 0x00ff_0000L << 32;
    byte[] image =
        new Qcow2Builder(16)
            .size(CLUSTER)
            .extendedL2()
            .l1()
            .l2(0)
            .data(0, content)
            .bitmap(0, allocatedFirstHalf | zeroThirdQuarter)
            .build();

    byte[] disk = readAll(image);

    assertThat(Arrays.copyOf(disk, CLUSTER / 2)).isEqualTo(Arrays.copyOf(content, CLUSTER / 2));
    assertThat(Arrays.copyOfRange(disk, CLUSTER / 2, CLUSTER)).containsOnly(0);
  }

  @Test
  void refusesASubclusterBothAllocatedAndZero() {
    byte[] image =
        new Qcow2Builder(16)
            .size(CLUSTER)
            .extendedL2()
            .l1()
            .l2(0)
            .data(0, noise(CLUSTER, 7))
            .bitmap(0, 1 | 1L << 32)
            .build();

    assertThatThrownBy(() -> readAll(image))
        .isInstanceOf(MalformedImageException.class)
        .hasMessageContaining("both allocated and zero");
  }

  @Test
  void readsAnImageWhoseLastClusterIsCutBehindTheVirtualSize() throws IOException {
    byte[] content = noise(CLUSTER, 8);
    byte[] image = new Qcow2Builder(16).size(CLUSTER + 1000).l1().l2(0).data(1, content).build();
    byte[] cut = Arrays.copyOf(image, image.length - CLUSTER + 1000);

    assertThat(Arrays.copyOfRange(readAll(cut), CLUSTER, CLUSTER + 1000))
        .isEqualTo(Arrays.copyOf(content, 1000));
  }

  @Test
  void refusesAnImageCutInDataThatTheGuestSees() {
    byte[] image =
        new Qcow2Builder(16).size(CLUSTER + 1000).l1().l2(0).data(1, noise(CLUSTER, 9)).build();
    byte[] cut = Arrays.copyOf(image, image.length - CLUSTER + 999);

    assertThatThrownBy(() -> readAll(cut))
        .isInstanceOf(MalformedImageException.class)
        .hasMessageContaining("truncated");
  }

  @Test
  void readsAnImageThatEndsBehindTheEntriesOfItsTableTail() throws IOException {
    byte[] image = new Qcow2Builder(16).size(3 * CLUSTER).l1().l2(0).build();
    byte[] cut = Arrays.copyOf(image, 2 * CLUSTER + 3 * Long.BYTES);

    assertThat(readAll(cut)).containsOnly(0);
  }

  @ParameterizedTest
  @ValueSource(longs = {CLUSTER + 512, 100L * CLUSTER})
  void refusesDataOffsetsThatAreUnalignedOrPastTheEnd(long hostOffset) {
    byte[] image = new Qcow2Builder(16).size(CLUSTER).l1().l2(0).entry(0, hostOffset).build();

    assertThatThrownBy(() -> readAll(image)).isInstanceOf(MalformedImageException.class);
  }

  @Test
  void refusesCompressedDataThatDecodesToLessThanACluster() {
    byte[] image =
        new Qcow2Builder(16).size(CLUSTER).l1().l2(0).compressed(0, text(CLUSTER - 1, "x")).build();

    assertThatThrownBy(() -> readAll(image))
        .isInstanceOf(MalformedImageException.class)
        .hasMessageContaining("guest offset 0");
  }

  @Test
  void refusesABackingFileUnlessAllowed() {
    byte[] image =
        new Qcow2Builder(16).size(CLUSTER).backing("/etc/passwd", "raw").l1().l2(0).build();

    assertThatThrownBy(() -> open(image))
        .isInstanceOf(UnsupportedImageException.class)
        .hasMessageContaining("--allow-backing");
  }

  @Test
  void showsTheBackingFileWhereNothingIsAllocatedAndZerosBeyondItsEnd() throws IOException {
    byte[] base = noise(CLUSTER + 10, 10);
    Files.write(directory.resolve("base.raw"), base);
    byte[] own = noise(CLUSTER, 11);
    Path overlay = directory.resolve("overlay.qcow2");
    Files.write(
        overlay,
        new Qcow2Builder(16)
            .size(3 * CLUSTER)
            .backing("base.raw", "raw")
            .l1()
            .l2(0)
            .data(0, own)
            .build());
    OpenOptions allowed =
        new OpenOptions(Optional.empty(), Optional.empty(), true, false, Limits.DEFAULT);

    try (Image image = ImageOpener.open(io.gantry.io.FileInput.open(overlay), overlay, allowed)) {
      byte[] disk = read(image, 0, 3 * CLUSTER);
      assertThat(Arrays.copyOf(disk, CLUSTER)).isEqualTo(own);
      assertThat(Arrays.copyOfRange(disk, CLUSTER, CLUSTER + 10))
          .isEqualTo(Arrays.copyOfRange(base, CLUSTER, CLUSTER + 10));
      assertThat(Arrays.copyOfRange(disk, CLUSTER + 10, 3 * CLUSTER)).containsOnly(0);
    }
  }

  @Test
  void refusesAChainThatBitesItsTail() throws IOException {
    Path a = directory.resolve("a.qcow2");
    Path b = directory.resolve("b.qcow2");
    Files.write(a, new Qcow2Builder(16).size(CLUSTER).backing("b.qcow2", "qcow2").l1().build());
    Files.write(b, new Qcow2Builder(16).size(CLUSTER).backing("a.qcow2", "qcow2").l1().build());
    OpenOptions allowed =
        new OpenOptions(Optional.empty(), Optional.empty(), true, false, Limits.DEFAULT);

    assertThatThrownBy(() -> ImageOpener.open(io.gantry.io.FileInput.open(a), a, allowed))
        .isInstanceOf(MalformedImageException.class)
        .hasMessageContaining("loop");
  }

  @ParameterizedTest
  @ValueSource(strings = {"json:{}", "nbd:localhost:1", "file:base.raw", "/dev/zero", "missing"})
  void refusesBackingNamesThatAreNotPlainFiles(String name) throws IOException {
    Path overlay = directory.resolve("overlay.qcow2");
    Files.write(overlay, new Qcow2Builder(16).size(CLUSTER).backing(name, "raw").l1().build());
    OpenOptions allowed =
        new OpenOptions(Optional.empty(), Optional.empty(), true, false, Limits.DEFAULT);

    assertThatThrownBy(
            () -> ImageOpener.open(io.gantry.io.FileInput.open(overlay), overlay, allowed))
        .isInstanceOf(UnsupportedImageException.class);
  }

  @Test
  void refusesAnL1TableThatNamesOneL2TableMoreOftenThanTheLimit() {
    Qcow2Builder builder = new Qcow2Builder(9).size(1 << 20).l1().l2(0);
    for (int i = 1; i < builder.l1Size(); i++) {
      builder.sameL2(i, 0);
    }
    byte[] image = builder.build();
    int room = image.length / 512;
    int tables = builder.l1Size();

    assertThatThrownBy(() -> open(image, withTableLoads(tables - room - 1)))
        .isInstanceOf(ImageTooLargeException.class)
        .hasMessageContaining("names %d L2 tables".formatted(tables));
    assertThatCode(() -> open(image, withTableLoads(tables - room))).doesNotThrowAnyException();
  }

  private static Image open(byte[] image, Limits limits) throws IOException {
    OpenOptions options = new OpenOptions(Optional.empty(), Optional.empty(), false, false, limits);
    return ImageOpener.open(new BytesInput(image), null, options);
  }

  private static Limits withTableLoads(long tableLoadsMax) {
    Limits limits = Limits.DEFAULT;
    return new Limits(
        limits.virtualSizeMax(),
        limits.l1BytesMax(),
        limits.snapshotsMax(),
        limits.snapshotTableBytesMax(),
        limits.backingDepthMax(),
        limits.expansionMax(),
        tableLoadsMax,
        limits.mappingBytesMax(),
        limits.windowBytesMax(),
        limits.xzMemoryMax(),
        limits.zstdWindowMax());
  }

  @Test
  void describesExtentsMergedAndClipped() throws IOException {
    byte[] image =
        new Qcow2Builder(16)
            .size(6 * CLUSTER)
            .l1()
            .l2(0)
            .data(1, noise(CLUSTER, 12))
            .data(2, noise(CLUSTER, 13))
            .entry(3, ZERO_FLAG)
            .build();

    try (Image opened = open(image)) {
      assertThat(opened.extentAt(0, 6 * CLUSTER))
          .isEqualTo(new Extent(0, CLUSTER, Extent.Kind.UNALLOCATED));
      assertThat(opened.extentAt(CLUSTER + 5, 6 * CLUSTER))
          .isEqualTo(new Extent(CLUSTER + 5, 2 * CLUSTER - 5, Extent.Kind.DATA));
      assertThat(opened.extentAt(3 * CLUSTER, 4 * CLUSTER - 1))
          .isEqualTo(new Extent(3 * CLUSTER, CLUSTER - 1, Extent.Kind.ZERO));
    }
  }

  @Test
  void readsAnImageOfSizeZeroWithoutTables() throws IOException {
    assertThat(readAll(new Qcow2Builder(16).size(0).build())).isEmpty();
  }
}
