package io.gantry.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.target.Preallocation;
import io.gantry.target.RangeSet;
import io.gantry.target.Target;
import io.gantry.target.TargetOptions;
import io.gantry.target.Targets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResumableTargetTest {

  private static final int PIECE = 2 << 20;
  private static final long DISK = 3L * PIECE;
  private static final long ROOM = 77L << 20;

  @TempDir private Path folder;

  private Path disk;
  private Path journal;
  private long resumed;

  @BeforeEach
  void name() {
    disk = folder.resolve("disk.img");
    journal = folder.resolve(".journal");
  }

  private ResumableTarget open(String identity) throws IOException {
    Target file = Targets.open(disk, new TargetOptions(Preallocation.OFF, false, true, true));
    return ResumableTarget.withFile(file, journal, identity, ROOM, bytes -> resumed = bytes);
  }

  private static void write(Target target, int piece, int value) throws IOException {
    byte[] bytes = new byte[PIECE];
    Arrays.fill(bytes, (byte) value);
    target.write((long) piece * PIECE, ByteBuffer.wrap(bytes));
  }

  /** As a run that ended in the middle: its first piece is durable. */
  private void breakOff() throws IOException {
    try (ResumableTarget first = open("source")) {
      first.prepare(DISK);
      write(first, 0, 1);
      first.abandon();
    }
  }

  @Test
  void goesOnWhereTheFirstRunStopped() throws IOException {
    breakOff();

    try (ResumableTarget second = open("source")) {
      second.prepare(DISK);
      assertThat(resumed).isEqualTo(PIECE);
      assertThat(second.missing(0, DISK)).containsExactly(new RangeSet.Range(PIECE, DISK));
      write(second, 0, 9);
      write(second, 1, 2);
      second.finish();
    }

    byte[] bytes = Files.readAllBytes(disk);
    assertThat(bytes).hasSize((int) DISK);
    assertThat(List.of(bytes[0], bytes[PIECE], bytes[2 * PIECE]))
        .containsExactly((byte) 1, (byte) 2, (byte) 0);
  }

  @Test
  void startsAnewForAnotherSource() throws IOException {
    breakOff();

    try (ResumableTarget second = open("another source")) {
      second.prepare(DISK);

      assertThat(second.missing(0, DISK)).containsExactly(new RangeSet.Range(0, DISK));
      assertThat(Files.readAllBytes(disk)).containsOnly(0);
      assertThat(journal).doesNotExist();
    }
  }

  @Test
  void startsAnewWhenTheDiskIsGone() throws IOException {
    breakOff();
    Files.delete(disk);

    try (ResumableTarget second = open("source")) {
      second.prepare(DISK);

      assertThat(second.missing(0, DISK)).containsExactly(new RangeSet.Range(0, DISK));
      assertThat(journal).doesNotExist();
    }
  }

  @Test
  void keepsNoJournalWhereTheDiskTakesAllTheRoom() throws IOException {
    breakOff();
    Target file = Targets.open(disk, new TargetOptions(Preallocation.OFF, false, true, true));

    try (ResumableTarget full =
        ResumableTarget.withFile(file, journal, "source", DISK + 4096, _ -> {})) {
      full.prepare(DISK);
      write(full, 0, 1);
      full.finish();
    }

    assertThat(journal).doesNotExist();
    assertThat(Files.size(disk)).isEqualTo(DISK);
  }

  @Test
  void startsAnewForAnotherSize() throws IOException {
    breakOff();

    try (ResumableTarget second = open("source")) {
      second.prepare(DISK + 512);

      assertThat(resumed).isZero();
      assertThat(Files.readAllBytes(disk)).containsOnly(0);
    }
  }

  @Test
  void startsAnewWhenTheJournalIsTorn() throws IOException {
    breakOff();
    byte[] bytes = Files.readAllBytes(journal);
    Arrays.fill(bytes, 80, bytes.length, (byte) 0x55);
    Files.write(journal, bytes);

    try (ResumableTarget second = open("source")) {
      second.prepare(DISK);

      assertThat(resumed).isZero();
    }
  }

  @Test
  void saysThatADiskIsComplete() throws IOException {
    try (ResumableTarget target = open("source")) {
      target.prepare(DISK);
      write(target, 0, 1);
      target.finish();
    }

    Optional<ResumePoint> left = ResumePoint.read(journal);

    assertThat(left).isPresent();
    assertThat(left.get().complete()).isTrue();
    assertThat(left.get().diskSize()).isEqualTo(DISK);
    assertThat(left.get().room()).isEqualTo(ROOM);
    assertThat(left.get().isOf("source")).isTrue();
    assertThat(left.get().isOf("another")).isFalse();
    ResumePoint.remove(journal);
    assertThat(folder).isDirectoryNotContaining(path -> path.equals(journal));
  }

  @Test
  void keepsNoJournalOfADiskWhoseSizeIsNotKnown() throws IOException {
    try (ResumableTarget target = open("source")) {
      target.prepare(0);
      target.grow(PIECE);
      write(target, 0, 1);
      assertThat(journal).doesNotExist();
      target.finish();
    }

    assertThat(ResumePoint.read(journal).orElseThrow().complete()).isTrue();
    assertThat(ResumePoint.read(journal).orElseThrow().diskSize()).isEqualTo(PIECE);
  }
}
