package io.gantry.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.format.OpenOptions;
import io.gantry.image.DamagedStreamException;
import io.gantry.image.ImageException;
import io.gantry.image.ImageTooLargeException;
import io.gantry.image.Limits;
import io.gantry.image.MalformedImageException;
import io.gantry.image.TooShortException;
import io.gantry.image.WrongContentException;
import io.gantry.source.DigestMismatchException;
import io.gantry.source.ExpectedDigest;
import io.gantry.source.FileSource;
import io.gantry.source.Source;
import io.gantry.source.StreamSource;
import io.gantry.target.Target;
import io.gantry.target.TargetException;
import io.gantry.target.TargetOptions;
import io.gantry.target.Targets;
import io.gantry.testkit.InMemoryTarget;
import io.gantry.testkit.Qcow2Builder;
import io.gantry.transfer.TransferResult.Done;
import io.gantry.transfer.TransferResult.ScratchRequired;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransferTest {

  private static final int CLUSTER = 1 << 12;
  private static final byte GARBAGE = (byte) 0xA5;

  @TempDir Path directory;

  private static byte[] noise(int length, long seed) {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  private static Source stream(byte[] bytes) {
    return StreamSource.of("stream", Channels.newChannel(new ByteArrayInputStream(bytes)));
  }

  private Source file(byte[] bytes) throws IOException {
    return FileSource.open(Files.write(directory.resolve("image"), bytes));
  }

  private static TransferOptions withWindow(int bytes, Optional<Path> scratch) {
    OpenOptions open =
        new OpenOptions(
            Optional.empty(), Optional.empty(), false, false, Limits.DEFAULT.withWindow(bytes));
    return new TransferOptions(
        open, OptionalLong.empty(), scratch, 2, Optional.empty(), Optional.empty());
  }

  private static Receipt convert(Source source, InMemoryTarget target, TransferOptions options)
      throws IOException {
    try (source) {
      TransferResult result = Transfer.run(source, target, options, new Progress());
      assertThat(result).isInstanceOf(Done.class);
      return ((Done) result).receipt();
    }
  }

  /** A guest disk and an image of it whose host clusters lie in any order. */
  private static final class Disk {

    private static final int CLUSTERS = 1400;

    private final byte[] content;
    private final byte[] image;

    private Disk(byte[] content, byte[] image) {
      this.content = content;
      this.image = image;
    }

    byte[] content() {
      return content;
    }

    byte[] image() {
      return image;
    }

    static Disk random(long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] content = new byte[CLUSTERS * CLUSTER - 700];
      Qcow2Builder builder = new Qcow2Builder(12).size(content.length);
      List<Runnable> steps = new ArrayList<>();
      steps.add(builder::l1);
      for (int table = 0; table < builder.l1Size(); table++) {
        int index = table;
        steps.add(() -> builder.l2(index));
      }
      for (int cluster = 0; cluster < CLUSTERS; cluster++) {
        addCluster(cluster, random, content, builder, steps);
      }
      Collections.shuffle(steps, new Random(seed));
      steps.forEach(Runnable::run);
      return new Disk(content, builder.build());
    }

    private static void addCluster(
        int cluster,
        SplittableRandom random,
        byte[] content,
        Qcow2Builder builder,
        List<Runnable> steps) {
      int length = Math.min(CLUSTER, content.length - cluster * CLUSTER);
      byte[] data = new byte[CLUSTER];
      switch (random.nextInt(5)) {
        case 0 -> {
          random.nextBytes(data);
          steps.add(() -> builder.data(cluster, data));
        }
        case 1 -> {
          Arrays.fill(data, 0, CLUSTER, (byte) random.nextInt(1, 255));
          steps.add(() -> builder.compressed(cluster, data));
        }
        case 2 -> {
          byte[] half = new byte[CLUSTER / 2];
          random.nextBytes(half);
          System.arraycopy(half, 0, data, 0, half.length);
          steps.add(() -> builder.compressed(cluster, data));
        }
        case 3 -> {
          byte[] stale = new byte[CLUSTER];
          random.nextBytes(stale);
          steps.add(() -> builder.entry(cluster, builder.garbage(stale) | 1));
        }
        default -> {}
      }
      System.arraycopy(data, 0, content, cluster * CLUSTER, length);
    }

    byte[] padded() {
      return Arrays.copyOf(content, (content.length + 511) / 512 * 512);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void copiesImagesOfAnyHostOrderFromAFile(long seed) throws IOException {
    Disk disk = Disk.random(seed);
    InMemoryTarget target = InMemoryTarget.empty(disk.padded().length);

    Receipt receipt = convert(file(disk.image()), target, TransferOptions.DEFAULT);

    assertThat(target.bytes()).isEqualTo(disk.padded());
    assertThat(receipt.plan()).isEqualTo("ranges");
    assertThat(target.isFinished()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void decodesImagesOfAnyHostOrderFromAStream(long seed) throws IOException {
    Disk disk = Disk.random(seed);
    InMemoryTarget target = InMemoryTarget.empty(disk.padded().length);

    Receipt receipt = convert(stream(disk.image()), target, TransferOptions.DEFAULT);

    assertThat(target.bytes()).isEqualTo(disk.padded());
    assertThat(receipt.plan()).isEqualTo("stream");
    assertThat(receipt.scratchBytes()).isZero();
    assertThat(receipt.bytesRead()).isEqualTo(disk.image().length);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void spillsToScratchWhatTheWindowCannotHold(long seed) throws IOException {
    Disk disk = Disk.random(seed);
    InMemoryTarget target = InMemoryTarget.garbage(disk.padded().length);

    Receipt receipt =
        convert(stream(disk.image()), target, withWindow(64 << 10, Optional.of(directory)));

    assertThat(Arrays.copyOf(target.bytes(), disk.content().length)).isEqualTo(disk.content());
    assertThat(receipt.scratchBytes()).isPositive();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void saysThatScratchIsRequiredAndLeavesNothing() throws IOException {
    Disk disk = Disk.random(7);
    InMemoryTarget target = InMemoryTarget.empty(disk.padded().length);

    TransferResult result =
        Transfer.run(
            stream(disk.image()), target, withWindow(64 << 10, Optional.empty()), new Progress());

    assertThat(result).isInstanceOf(ScratchRequired.class);
    assertThat(target.isFinished()).isFalse();
  }

  @Test
  void needsNoRoomForClustersThatFollowTheirTables() throws IOException {
    Qcow2Builder builder = new Qcow2Builder(12).size(1200 * CLUSTER).l1();
    byte[] content = new byte[1200 * CLUSTER];
    for (int cluster = 0; cluster < 1200; cluster++) {
      if (cluster % builder.l2EntryCount() == 0) {
        builder.l2(cluster / builder.l2EntryCount());
      }
      byte[] data = noise(CLUSTER, cluster);
      System.arraycopy(data, 0, content, cluster * CLUSTER, CLUSTER);
      builder.data(cluster, data);
    }
    InMemoryTarget target = InMemoryTarget.empty(content.length);

    convert(stream(builder.build()), target, withWindow(4 * CLUSTER, Optional.empty()));

    assertThat(target.bytes()).isEqualTo(content);
  }

  @Test
  void copiesAClusterNamedAgainByALaterTable() throws IOException {
    Qcow2Builder builder = new Qcow2Builder(12).size(1024 * CLUSTER).l1().l2(0);
    byte[] shared = noise(CLUSTER, 1);
    byte[] sharedText = new byte[CLUSTER];
    Arrays.fill(sharedText, (byte) 'A');
    builder.data(5, shared).compressed(6, sharedText);
    builder.l2(1).entry(700, builder.entry(5)).entry(701, builder.entry(6));
    InMemoryTarget target = InMemoryTarget.empty(1024 * CLUSTER);

    convert(stream(builder.build()), target, TransferOptions.DEFAULT);

    byte[] disk = target.bytes();
    assertThat(Arrays.copyOfRange(disk, 5 * CLUSTER, 6 * CLUSTER)).isEqualTo(shared);
    assertThat(Arrays.copyOfRange(disk, 700 * CLUSTER, 701 * CLUSTER)).isEqualTo(shared);
    assertThat(Arrays.copyOfRange(disk, 701 * CLUSTER, 702 * CLUSTER)).isEqualTo(sharedText);
  }

  @Test
  void stopsAnImageThatMakesTooMuchOfOneCluster() throws IOException {
    Qcow2Builder builder = new Qcow2Builder(9).size(1 << 30).l1().l2(0);
    for (int table = 1; table < builder.l1Size(); table++) {
      builder.sameL2(table, 0);
    }
    long only = builder.garbage(noise(512, 1));
    for (int cluster = 0; cluster < builder.l2EntryCount(); cluster++) {
      builder.entry(cluster, only);
    }
    byte[] image = builder.build();
    Path out = directory.resolve("out");

    for (Source source : List.of(stream(image), file(image))) {
      try (Target target = Targets.open(out, TargetOptions.DEFAULT)) {
        assertThatThrownBy(
                () -> Transfer.run(source, target, TransferOptions.DEFAULT, new Progress()))
            .isInstanceOf(ImageTooLargeException.class);
      }
      assertThat(out).doesNotExist();
    }
  }

  @Test
  void refusesEveryImageCutInWhatTheGuestNeedsFromFileAndStream() throws IOException {
    Disk disk = Disk.random(11);
    byte[] image = disk.image();
    SplittableRandom random = new SplittableRandom(12);
    for (int i = 0; i < 40; i++) {
      byte[] cut = Arrays.copyOf(image, random.nextInt(image.length));
      for (Source source : List.of(file(cut), stream(cut))) {
        assertRefusedOrEqual(source, disk);
      }
    }
  }

  private static void assertRefusedOrEqual(Source source, Disk disk) throws IOException {
    InMemoryTarget target = InMemoryTarget.empty(disk.padded().length);
    try (source) {
      Transfer.run(source, target, TransferOptions.DEFAULT, new Progress());
      assertThat(target.bytes()).isEqualTo(disk.padded());
    } catch (MalformedImageException e) {
      assertThat(target.isFinished()).isFalse();
    }
  }

  @Test
  void writesRawStreamsOfUnknownLengthInWholeSectorsAndKeepsWhatIsBehindThem() throws IOException {
    byte[] raw = noise(1_000_001, 3);
    Arrays.fill(raw, 100_000, 900_000, (byte) 0);
    InMemoryTarget target = InMemoryTarget.garbage(1 << 20);

    Receipt receipt = convert(stream(raw), target, TransferOptions.DEFAULT);

    assertThat(Arrays.copyOf(target.bytes(), 1_000_448)).isEqualTo(Arrays.copyOf(raw, 1_000_448));
    assertThat(Arrays.copyOfRange(target.bytes(), 1_000_448, 1 << 20)).containsOnly(GARBAGE);
    assertThat(receipt.virtualSize()).isEqualTo(raw.length);
    assertThat(receipt.diskSize()).isEqualTo(1_000_448);
    assertThat(receipt.zeroBytes()).isGreaterThan(700_000);
  }

  @Test
  void refusesADeviceThatIsTooSmallBeforeTheFirstByte() throws IOException {
    Disk disk = Disk.random(13);
    InMemoryTarget target = InMemoryTarget.garbage(disk.padded().length - 512);

    assertThatThrownBy(
            () ->
                Transfer.run(stream(disk.image()), target, TransferOptions.DEFAULT, new Progress()))
        .isInstanceOfSatisfying(
            TargetException.class,
            e -> assertThat(e.kind()).isEqualTo(TargetException.Kind.TOO_SMALL));
    assertThat(target.bytes()).containsOnly(GARBAGE);
  }

  @Test
  void growsTheDiskWithZeros() throws IOException {
    byte[] raw = noise(5000, 4);
    InMemoryTarget target = InMemoryTarget.garbage(20_000);
    TransferOptions options =
        new TransferOptions(
            OpenOptions.DEFAULT,
            OptionalLong.of(10_000),
            Optional.empty(),
            2,
            Optional.empty(),
            Optional.of("sha256"));

    Receipt receipt = convert(file(raw), target, options);

    assertThat(receipt.diskSize()).isEqualTo(10_240);
    assertThat(Arrays.copyOf(target.bytes(), 5000)).isEqualTo(raw);
    assertThat(Arrays.copyOfRange(target.bytes(), 5000, 10_240)).containsOnly(0);
    assertThat(Arrays.copyOfRange(target.bytes(), 10_240, 20_000)).containsOnly(GARBAGE);
    assertThat(receipt.contentDigest()).isPresent();
  }

  @Test
  void endsWithAMismatchWhenTheSourceDoesNotMatchItsChecksum() throws IOException {
    byte[] raw = noise(100_000, 5);
    for (Source source : List.of(file(raw), stream(raw))) {
      InMemoryTarget target = InMemoryTarget.empty(1 << 17);
      assertThatThrownBy(
              () -> Transfer.run(source, target, withChecksum("00".repeat(32)), new Progress()))
          .isInstanceOf(DigestMismatchException.class);
      assertThat(target.isFinished()).isFalse();
    }
  }

  @Test
  void judgesTheBytesBeforeWhatIsWrongInThem() throws Exception {
    byte[] broken = Disk.random(14).image();
    Arrays.fill(broken, 4, 8, (byte) 9); // the version
    String hex = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(broken));
    byte[] gzip = gzip(noise(100_000, 5));
    byte[] cut = Arrays.copyOf(gzip, gzip.length / 2);
    for (byte[] image : List.of(broken, "<html>".getBytes(StandardCharsets.UTF_8))) {
      for (Source source : List.of(file(image), stream(image))) {
        assertThatThrownBy(() -> transfer(source, "00".repeat(32)))
            .isInstanceOf(DigestMismatchException.class);
      }
    }
    for (Source source : List.of(file(broken), stream(broken))) {
      assertThatThrownBy(() -> transfer(source, hex)).isInstanceOf(ImageException.class);
    }
    for (Source source : List.of(file(cut), stream(cut))) {
      assertThatThrownBy(() -> transfer(source, "00".repeat(32)))
          .isInstanceOf(DamagedStreamException.class);
    }
  }

  @Test
  void readsOnForTheChecksumWhereTheFailureFoundTheSourceReading() throws Exception {
    byte[] broken = Disk.random(14).image();
    Arrays.fill(broken, 4, 8, (byte) 9); // the version
    for (byte[] image : List.of(broken, gzip(broken))) {
      InputStream slow = new SlowStream(image);
      assertThatThrownBy(
              () -> transfer(StreamSource.of("slow", Channels.newChannel(slow)), "00".repeat(32)))
          .isInstanceOf(DigestMismatchException.class);
    }
  }

  /** Always in the middle of a read; an interrupt ends it, as with a pipe. */
  private static final class SlowStream extends ByteArrayInputStream {

    SlowStream(byte[] bytes) {
      super(bytes);
    }

    @Override
    public synchronized int read(byte[] bytes, int offset, int length) {
      LockSupport.parkNanos(1_000_000);
      return super.read(bytes, offset, Math.min(length, 16 << 10));
    }
  }

  private static void transfer(Source source, String sha256) throws IOException {
    Transfer.run(
        source,
        InMemoryTarget.empty(1 << 17),
        withChecksum(sha256).withContentGuard(true),
        new Progress());
  }

  @Test
  void verifiesTheSourceBytesFromFileAndStream() throws Exception {
    Disk disk = Disk.random(14);
    String hex =
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(disk.image()));
    for (Source source : List.of(file(disk.image()), stream(disk.image()))) {
      InMemoryTarget target = InMemoryTarget.empty(disk.padded().length);
      Receipt receipt = convert(source, target, withChecksum(hex));
      assertThat(receipt.sourceDigest()).contains("sha256:" + hex);
      assertThat(target.bytes()).isEqualTo(disk.padded());
    }
  }

  @Test
  void refusesAPageBeforeTheTargetIsTouched() throws IOException {
    byte[] page = "<html><title>Log in</title></html>".getBytes(StandardCharsets.UTF_8);
    for (Source source : List.of(file(page), stream(page), stream(gzip(page)), stream(gzip()))) {
      InMemoryTarget target = InMemoryTarget.garbage(4096);
      TransferOptions guarded = TransferOptions.DEFAULT.withContentGuard(true);
      assertThatThrownBy(() -> Transfer.run(source, target, guarded, new Progress()))
          .isInstanceOf(WrongContentException.class);
      assertThat(target.bytes()).containsOnly(GARBAGE);
    }
    convert(file(page), InMemoryTarget.empty(4096), TransferOptions.DEFAULT);
  }

  @Test
  void refusesADiskTooShortBeforeTheTargetIsTouched() throws IOException {
    TransferOptions wholeSector = TransferOptions.DEFAULT.withRawBytesMin(512);
    byte[] cut = noise(511);
    for (Source source : List.of(file(cut), stream(cut), stream(gzip(cut)))) {
      InMemoryTarget target = InMemoryTarget.garbage(4096);
      assertThatThrownBy(() -> Transfer.run(source, target, wholeSector, new Progress()))
          .isInstanceOf(TooShortException.class)
          .hasMessageContaining("holds 511 bytes, and must have 512 at least");
      assertThat(target.bytes()).containsOnly(GARBAGE);
    }
  }

  @Test
  void takesADiskOfTheLeastSize() throws IOException {
    TransferOptions wholeSector = TransferOptions.DEFAULT.withRawBytesMin(512);
    byte[] least = noise(512);
    for (Source source : List.of(file(least), stream(least), stream(gzip(least)))) {
      InMemoryTarget target = InMemoryTarget.empty(4096);
      assertThat(convert(source, target, wholeSector).virtualSize()).isEqualTo(512);
    }
  }

  @Test
  void takesATextForADiskWhenThereIsTooMuchOfItForAMessage() throws IOException {
    byte[] text = "no markup in it. ".repeat(10_000).getBytes(StandardCharsets.UTF_8);
    TransferOptions guarded = TransferOptions.DEFAULT.withContentGuard(true);
    for (Source source : List.of(file(text), stream(text), stream(gzip(text)))) {
      InMemoryTarget target = InMemoryTarget.empty(1 << 18);
      assertThat(convert(source, target, guarded).virtualSize()).isEqualTo(text.length);
    }
  }

  private static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(length).nextBytes(bytes);
    return bytes;
  }

  private static byte[] gzip(byte... bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private static TransferOptions withChecksum(String hex) {
    return new TransferOptions(
        OpenOptions.DEFAULT,
        OptionalLong.empty(),
        Optional.empty(),
        2,
        Optional.of(new ExpectedDigest("sha256", hex)),
        Optional.empty());
  }
}
