package io.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real block devices, full of what somebody left on them. */
final class BlockDeviceTest {

  /** Ends within a sector of 4096 bytes. */
  private static final long SIZE = (9L << 20) + 3 * 512;

  private static final long DEVICE_SIZE = 12L << 20;

  @TempDir private static Path folder;
  private static Path disk;
  private static Path image;

  private Path device;

  @BeforeAll
  static void writeImage() throws Exception {
    disk = GuestDisk.write(folder.resolve("disk"), SIZE, 7);
    image = folder.resolve("image.qcow2");
    Tool.run("qemu-img", "convert", "-c", "-O", "qcow2", "-o", "cluster_size=16k", disk, image);
  }

  @BeforeEach
  void nameDevice() {
    device = folder.resolve("device");
  }

  static Stream<Arguments> ways() {
    List<Arguments> ways = new ArrayList<>();
    for (int sectorSize : List.of(512, 4096)) {
      for (String preallocation : List.of("off", "falloc", "full")) {
        ways.add(Arguments.of(sectorSize, List.of("--preallocation", preallocation)));
        ways.add(Arguments.of(sectorSize, List.of("--preallocation", preallocation, "--direct")));
      }
    }
    return ways.stream();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void writesTheDiskAndNothingBesideIt(int sectorSize, List<String> options) throws Exception {
    try (LoopDevice loop = LoopDevice.full(device, DEVICE_SIZE, sectorSize)) {
      List<Object> words = new ArrayList<>(List.of("convert"));
      words.addAll(options);
      words.addAll(List.of(image, loop.device()));

      Program.gantry(words.toArray()).run().expectDone();
    }
    Disks.assertBeginsWith(disk, device);
    assertGarbage(SIZE, DEVICE_SIZE);
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 4096})
  void writesAStreamToADevice(int sectorSize) throws Exception {
    try (LoopDevice loop = LoopDevice.full(device, DEVICE_SIZE, sectorSize)) {
      Program.gantry("convert", "-", loop.device()).stdin(image).run().expectDone();
    }
    Disks.assertBeginsWith(disk, device);
    assertGarbage(SIZE, DEVICE_SIZE);
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 4096})
  void writesARawDiskOfUnknownLength(int sectorSize) throws Exception {
    try (LoopDevice loop = LoopDevice.full(device, DEVICE_SIZE, sectorSize)) {
      Program.gantry("convert", "-", loop.device()).stdin(disk).run().expectDone();
    }
    Disks.assertBeginsWith(disk, device);
    assertGarbage(SIZE, DEVICE_SIZE);
  }

  /** Blocks of zeros, which are written without being decoded each. */
  @ParameterizedTest
  @CsvSource({"512, false", "512, true", "4096, false", "4096, true"})
  void writesAMostlyEmptyDiskFromXz(int sectorSize, boolean piped) throws Exception {
    Path empty = folder.resolve("empty-" + sectorSize + piped);
    Files.write(empty, "boot".getBytes(StandardCharsets.US_ASCII));
    Tool.run("truncate", "-s", Long.toString(SIZE), empty);
    Tool.run("xz", "-k", "-T2", "--block-size=1MiB", empty);
    Path xz = empty.resolveSibling(empty.getFileName() + ".xz");
    try (LoopDevice loop = LoopDevice.full(device, DEVICE_SIZE, sectorSize)) {
      Program program =
          piped
              ? Program.gantry("convert", "-", loop.device()).stdin(xz)
              : Program.gantry("convert", xz, loop.device());
      program.run().expectDone();
    }
    Disks.assertBeginsWith(empty, device);
    assertGarbage(SIZE, DEVICE_SIZE);
  }

  @Test
  void fillsADeviceOfJustTheSize() throws Exception {
    try (LoopDevice loop = LoopDevice.full(device, SIZE, 512)) {
      Program.gantry("convert", image, loop.device()).run().expectDone();
    }
    Disks.assertSame(disk, device);
  }

  @Test
  void zeroesUpToTheSizeAskedFor() throws Exception {
    long size = 11L << 20;
    try (LoopDevice loop = LoopDevice.full(device, DEVICE_SIZE, 512)) {
      Program.gantry("convert", "--size", "11M", image, loop.device()).run().expectDone();
    }
    Disks.assertBeginsWith(disk, device);
    assertThat(SparseFile.isZero(device, SIZE, size)).isTrue();
    assertGarbage(size, DEVICE_SIZE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void leavesADeviceThatIsTooSmallAsItWas(boolean piped) throws Exception {
    long size = 9L << 20;
    try (LoopDevice loop = LoopDevice.full(device, size, 512)) {
      Outcome outcome =
          piped
              ? Program.gantry("convert", "-", loop.device()).stdin(image).run()
              : Program.gantry("convert", image, loop.device()).run();
      outcome.expectRefused(5);
      assertThat(outcome.err()).contains(Long.toString(size), Long.toString(SIZE));
    }
    assertGarbage(0, size);
  }

  @Test
  void leavesAReadOnlyDeviceAlone() throws Exception {
    try (LoopDevice loop = LoopDevice.full(device, DEVICE_SIZE, 512, "--read-only")) {
      Program.gantry("convert", image, loop.device()).run().expectRefused(5);
    }
    assertGarbage(0, DEVICE_SIZE);
  }

  @Test
  void leavesAMountedDeviceAlone() throws Exception {
    Path mountPoint = Files.createDirectory(folder.resolve("mounted"));
    try (LoopDevice loop = LoopDevice.full(device, DEVICE_SIZE, 512)) {
      Tool.run("mkfs.ext4", "-q", loop.device());
      mount(loop.device(), mountPoint);
      try {
        Outcome outcome = Program.gantry("convert", image, loop.device()).run();
        outcome.expectRefused(5);
        assertThat(outcome.err()).contains(loop.device().toString());
      } finally {
        Tool.run("umount", mountPoint);
      }
      Tool.run("e2fsck", "-fn", loop.device());
    }
  }

  private static void mount(Path device, Path mountPoint) throws Exception {
    try {
      Tool.run("mount", device, mountPoint);
    } catch (AssertionError e) {
      Assumptions.abort("mounting is forbidden here: " + e.getMessage());
    }
  }

  private void assertGarbage(long from, long to) throws IOException {
    LoopDevice.assertGarbage(device, from, to);
  }
}
