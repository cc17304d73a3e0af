package io.gantry.target;

import static io.gantry.testkit.TargetContract.assertAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.testkit.LoopDevice;
import io.gantry.testkit.MemoryFolder;
import io.gantry.testkit.Mount;
import io.gantry.testkit.Root;
import io.gantry.testkit.TargetContract;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockTargetTest {

  private static final int DEVICE_BYTES = 8 << 20;
  private static final byte GARBAGE = (byte) 0xA5;

  @TempDir Path folder;

  @TempDir(factory = MemoryFolder.class)
  Path memory;

  /** The contract for a loop device full of garbage, on a file in memory. */
  abstract class DeviceContract extends TargetContract {

    private final TargetOptions options;
    private final int sector;
    private LoopDevice device;

    DeviceContract(int sector, Preallocation preallocation, boolean direct) {
      this.sector = sector;
      this.options = new TargetOptions(preallocation, direct, false);
    }

    @Override
    protected Target open() throws IOException {
      if (device == null) {
        device = LoopDevice.attach(garbage(memory), sector);
      }
      return Targets.open(device.path(), options);
    }

    @Override
    protected byte[] stored(int size) throws IOException {
      byte[] all = Files.readAllBytes(device.path());
      assertAll(all, size, all.length, GARBAGE);
      return Arrays.copyOf(all, size);
    }

    @Override
    protected boolean isDiscarded() throws IOException {
      return Files.size(device.backing()) == DEVICE_BYTES;
    }

    @Override
    protected void cleanUp() throws IOException {
      if (device != null) {
        device.close();
      }
    }
  }

  @Nested
  class Sectors512 extends DeviceContract {
    Sectors512() {
      super(512, Preallocation.OFF, false);
    }
  }

  @Nested
  class Sectors4096 extends DeviceContract {
    Sectors4096() {
      super(4096, Preallocation.OFF, false);
    }
  }

  @Nested
  class Sectors512Direct extends DeviceContract {
    Sectors512Direct() {
      super(512, Preallocation.OFF, true);
    }
  }

  @Nested
  class Sectors4096Direct extends DeviceContract {
    Sectors4096Direct() {
      super(4096, Preallocation.OFF, true);
    }
  }

  @Nested
  class Sectors4096DirectFull extends DeviceContract {
    Sectors4096DirectFull() {
      super(4096, Preallocation.FULL, true);
    }
  }

  private static Path garbage(Path folder) throws IOException {
    byte[] bytes = new byte[DEVICE_BYTES];
    Arrays.fill(bytes, GARBAGE);
    return Files.write(Files.createTempFile(folder, "device", ".img"), bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "512, OFF, false, punch-hole",
    "4096, OFF, false, punch-hole",
    "512, OFF, true, punch-hole",
    "4096, FULL, false, zero-range",
    "512, FALLOC, true, zero-range"
  })
  void zeroesNativelyAndReportsHow(
      int sector, Preallocation preallocation, boolean direct, String method) throws IOException {
    try (LoopDevice device = LoopDevice.attach(garbage(folder), sector);
        Target target =
            Targets.open(device.path(), new TargetOptions(preallocation, direct, false))) {
      target.prepare(DEVICE_BYTES - 512);
      assertThat(target.startsZeroed()).isFalse();
      target.zero(0, DEVICE_BYTES - 512);
      target.finish();
      boolean allocated = preallocation != Preallocation.OFF;
      assertThat(target.report())
          .isEqualTo(
              new TargetReport(method, allocated ? Preallocation.FULL : Preallocation.OFF, direct));
      byte[] all = Files.readAllBytes(device.path());
      assertAll(all, 0, DEVICE_BYTES - 512, 0);
      assertAll(all, DEVICE_BYTES - 512, DEVICE_BYTES, GARBAGE);
    }
  }

  /** A loop device on ramfs has neither discard nor write-zeroes, so the kernel writes. */
  @Test
  void zeroesADeviceThatCannotUnmap() throws IOException {
    try (Mount mount = Mount.ramfs(folder);
        LoopDevice device = LoopDevice.attach(garbage(mount.folder()), 4096);
        Target target = Targets.open(device.path(), TargetOptions.DEFAULT)) {
      target.prepare(DEVICE_BYTES - 512);
      target.zero(1000, 4 << 20);
      target.finish();
      assertThat(target.report().zeroMethod()).isEqualTo("zero-range");
      byte[] all = Files.readAllBytes(device.path());
      assertAll(all, 0, 1000, GARBAGE);
      assertAll(all, 1000, 1000 + (4 << 20), 0);
      assertAll(all, 1000 + (4 << 20), all.length, GARBAGE);
    }
  }

  @Test
  void refusesADiskLargerThanTheDeviceAndLeavesItAlone() throws IOException {
    try (LoopDevice device = LoopDevice.attach(garbage(folder), 512);
        Target target = Targets.open(device.path(), TargetOptions.DEFAULT)) {
      assertThat(target.capacity()).isEqualTo(DEVICE_BYTES);
      assertThatThrownBy(() -> target.prepare(DEVICE_BYTES + 512))
          .isInstanceOfSatisfying(
              TargetException.class,
              e -> assertThat(e.kind()).isEqualTo(TargetException.Kind.TOO_SMALL))
          .hasMessageContaining(Integer.toString(DEVICE_BYTES))
          .hasMessageContaining(Integer.toString(DEVICE_BYTES + 512));
      assertAll(Files.readAllBytes(device.path()), 0, DEVICE_BYTES, GARBAGE);
    }
  }

  @Test
  void refusesAReadOnlyDevice() throws IOException {
    Root.assume("losetup");
    try (LoopDevice device = LoopDevice.attachReadOnly(garbage(folder))) {
      assertNotWritable(device.path(), "read-only|permission denied|operation not permitted");
    }
  }

  @Test
  void refusesAMountedDevice() throws IOException {
    Root.assume("losetup", "mount", "mkfs.ext4");
    try (LoopDevice device = LoopDevice.attach(garbage(folder), 512)) {
      Root.run("mkfs.ext4", "-F", device.path().toString());
      Path mounted = Files.createDirectory(folder.resolve("mounted"));
      Root.run("mount", device.path().toString(), mounted.toString());
      try (Mount _ = new Mount(mounted)) {
        assertNotWritable(device.path(), "busy; it is mounted or otherwise in use");
      }
    }
  }

  private void assertNotWritable(Path path, String why) {
    assertThatThrownBy(() -> Targets.open(path, TargetOptions.DEFAULT))
        .isInstanceOfSatisfying(
            TargetException.class,
            e -> assertThat(e.kind()).isEqualTo(TargetException.Kind.NOT_WRITABLE))
        .hasMessageContaining(path.toString())
        .hasMessageMatching(".*(" + why + ").*");
  }

  /**
   * Writes to the page cache of a device whose backing file has run out of room: every write
   * succeeds, and only the sync learns that the data is lost.
   */
  @Test
  void failsWhenTheDeviceLosesDataBehindThePageCache() throws IOException {
    try (Mount tmpfs = Mount.tmpfs(folder, 2 << 20)) {
      Path backing = tmpfs.folder().resolve("device.img");
      try (RandomAccessFile file = new RandomAccessFile(backing.toFile(), "rw")) {
        file.setLength(DEVICE_BYTES);
      }
      try (LoopDevice device = LoopDevice.attach(backing, 512);
          Target target = Targets.open(device.path(), TargetOptions.DEFAULT)) {
        target.prepare(DEVICE_BYTES);
        assertThatThrownBy(() -> fill(target))
            .isInstanceOfSatisfying(
                TargetException.class,
                e ->
                    assertThat(e.kind())
                        .isIn(TargetException.Kind.NOT_WRITABLE, TargetException.Kind.FULL))
            .hasMessageContaining(device.path().toString());
        assertThatThrownBy(target::finish).isInstanceOf(TargetException.class);
        assertThat(target.isFinished()).isFalse();
      }
    }
  }

  private static void fill(Target target) throws IOException {
    byte[] data = new byte[1 << 20];
    Arrays.fill(data, (byte) 1);
    for (int at = 0; at < DEVICE_BYTES; at += data.length) {
      target.write(at, ByteBuffer.wrap(data));
    }
    target.finish();
  }
}
