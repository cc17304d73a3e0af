package io.gantry.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gantry.linux.Libc;
import io.gantry.testkit.Mount;
import io.gantry.testkit.Root;
import io.gantry.testkit.TargetContract;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FileTargetTest {

  private static final int BLOCK = 4096;

  @TempDir Path folder;

  /** The contract for a file, on some file system, by some way of writing. */
  abstract class FileContract extends TargetContract {

    private int count;
    Path path = Path.of("not-opened-yet");

    Target open(TargetOptions options) throws IOException {
      path = folder.resolve("disk-" + count++ + ".img");
      return Targets.open(path, options);
    }

    @Override
    protected byte[] stored(int size) throws IOException {
      byte[] all = Files.readAllBytes(path);
      assertThat(all).hasSize(size);
      return all;
    }

    @Override
    protected boolean isDiscarded() {
      return Files.notExists(path);
    }
  }

  @Nested
  class Buffered extends FileContract {
    @Override
    protected Target open() throws IOException {
      return open(TargetOptions.DEFAULT);
    }
  }

  @Nested
  class Direct extends FileContract {
    @Override
    protected Target open() throws IOException {
      assumeTrue(Libc.isAvailable(), "needs Linux");
      return open(new TargetOptions(Preallocation.OFF, true, false));
    }
  }

  @Nested
  class DirectAllocated extends FileContract {
    @Override
    protected Target open() throws IOException {
      assumeTrue(Libc.isAvailable(), "needs Linux");
      return open(new TargetOptions(Preallocation.FALLOC, true, false));
    }
  }

  @Nested
  class FullyWritten extends FileContract {
    @Override
    protected Target open() throws IOException {
      return open(new TargetOptions(Preallocation.FULL, false, false));
    }
  }

  /** The fallbacks are the part that rots: no way past the cache, no holes, no reservation. */
  @Nested
  class OnRamfs extends FileContract {
    private @Nullable Mount ramfs;

    @Override
    protected Target open() throws IOException {
      if (ramfs == null) {
        ramfs = Mount.ramfs(folder);
        folder = ramfs.folder();
      }
      return open(new TargetOptions(Preallocation.FALLOC, true, false));
    }

    @Override
    protected void cleanUp() throws IOException {
      if (ramfs != null) {
        ramfs.close();
      }
    }
  }

  /** What runs on systems other than Linux. */
  @Nested
  class PlainNio extends FileContract {
    private int count;

    @Override
    protected Target open() throws IOException {
      path = folder.resolve("nio-" + count++ + ".img");
      return FileTarget.open(path, TargetOptions.DEFAULT, false);
    }
  }

  private Target prepared(Path path, TargetOptions options, long diskSize) throws IOException {
    Target target = Targets.open(path, options);
    target.prepare(diskSize);
    return target;
  }

  private static TargetOptions preallocating(Preallocation preallocation) {
    return new TargetOptions(preallocation, false, false);
  }

  private static final TargetOptions OVERWRITING =
      new TargetOptions(Preallocation.OFF, false, true);

  private static long allocated(Path path) throws IOException {
    return Long.parseLong(Root.run("stat", "-c", "%b", path.toString())) * 512;
  }

  @Test
  void leavesHolesWhereNothingIsWritten() throws IOException {
    assumeTrue(Libc.isAvailable(), "needs Linux");
    Path path = folder.resolve("disk.img");
    try (Target target = prepared(path, TargetOptions.DEFAULT, 1L << 40)) {
      assertThat(target.startsZeroed()).isTrue();
      target.write(1L << 39, ByteBuffer.allocate(BLOCK));
      target.finish();
      assertThat(target.report()).isEqualTo(new TargetReport("none", Preallocation.OFF, false));
    }
    assertThat(path).hasSize(1L << 40);
    assertThat(allocated(path)).isLessThan(1 << 20);
  }

  @Test
  void punchesHolesIntoWhatWasWritten() throws IOException {
    assumeTrue(Libc.isAvailable(), "needs Linux");
    Path path = folder.resolve("disk.img");
    try (Target target = prepared(path, TargetOptions.DEFAULT, 8 << 20)) {
      target.write(0, ByteBuffer.allocate(8 << 20));
      target.zero(0, 8 << 20);
      target.finish();
      assertThat(target.report().zeroMethod()).isEqualTo("punch-hole");
    }
    assertThat(allocated(path)).isLessThan(1 << 20);
  }

  @ParameterizedTest
  @EnumSource(
      value = Preallocation.class,
      names = {"FALLOC", "FULL"})
  void allocatesTheWholeDisk(Preallocation preallocation) throws IOException {
    assumeTrue(Libc.isAvailable(), "needs Linux");
    Path path = folder.resolve("disk.img");
    int size = (8 << 20) + 512;
    try (Target target = prepared(path, preallocating(preallocation), size)) {
      assertThat(target.startsZeroed()).isEqualTo(preallocation == Preallocation.FALLOC);
      target.write(0, ByteBuffer.wrap(new byte[] {1}));
      target.zero(1, size - 1);
      target.finish();
      assertThat(target.report().preallocation()).isEqualTo(preallocation);
    }
    assertThat(path).hasSize(size);
    assertThat(allocated(path)).isGreaterThanOrEqualTo(size);
  }

  @Test
  void writesEveryByteWhereTheFileSystemCannotReserve() throws IOException {
    try (Mount ext2 = Mount.image(folder, "ext2", 32 << 20)) {
      Path path = ext2.folder().resolve("disk.img");
      int size = 8 << 20;
      try (Target target = prepared(path, preallocating(Preallocation.FALLOC), size)) {
        assertThat(target.startsZeroed()).isFalse();
        target.zero(0, size);
        target.finish();
        assertThat(target.report()).isEqualTo(new TargetReport("write", Preallocation.FULL, false));
      }
      assertThat(allocated(path)).isGreaterThanOrEqualTo(size);
    }
  }

  @Test
  void keepsAllocatedBlocksAllocatedWhereZeroRangeIsUnknown() throws IOException {
    try (Mount tmpfs = Mount.tmpfs(folder, 32 << 20)) {
      Path path = tmpfs.folder().resolve("disk.img");
      int size = 8 << 20;
      try (Target target = prepared(path, preallocating(Preallocation.FALLOC), size)) {
        target.write(0, ByteBuffer.allocate(size));
        target.zero(0, size);
        target.finish();
        assertThat(target.report())
            .isEqualTo(new TargetReport("write", Preallocation.FALLOC, false));
      }
      assertThat(allocated(path)).isGreaterThanOrEqualTo(size);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Preallocation.class,
      names = {"FALLOC", "FULL"})
  void saysBeforeTheFirstByteThatPreallocationDoesNotFit(Preallocation preallocation)
      throws IOException {
    try (Mount tmpfs = Mount.tmpfs(folder, 4 << 20)) {
      Path path = tmpfs.folder().resolve("disk.img");
      try (Target target = Targets.open(path, preallocating(preallocation))) {
        assertThatThrownBy(() -> target.prepare(8 << 20))
            .isInstanceOfSatisfying(
                TargetException.class,
                e -> assertThat(e.kind()).isEqualTo(TargetException.Kind.TOO_SMALL))
            .hasMessageContaining("no space left on device")
            .hasMessageContaining("8388608");
      }
      assertThat(path).doesNotExist();
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void saysFullWhenTheRoomRunsOut(Way way) throws IOException {
    try (Mount small = way.mount(folder)) {
      Path path = small.folder().resolve("disk.img");
      try (Target target =
          prepared(path, new TargetOptions(Preallocation.OFF, way.direct, false), 16 << 20)) {
        assertThatThrownBy(
                () -> {
                  for (int at = 0; at < 16 << 20; at += 1 << 20) {
                    target.write(at, ByteBuffer.allocateDirect(1 << 20));
                  }
                })
            .isInstanceOfSatisfying(
                TargetException.class,
                e -> assertThat(e.kind()).isEqualTo(TargetException.Kind.FULL))
            .hasMessageStartingWith(path + ": cannot write 1048576 bytes at ")
            .hasMessageContaining("no space left on device");
        assertThatThrownBy(target::finish)
            .isInstanceOf(TargetException.class)
            .hasMessageContaining("failed before");
      }
      assertThat(path).doesNotExist();
    }
  }

  enum Way {
    TMPFS(false),
    EXT4(false),
    EXT4_DIRECT(true);

    final boolean direct;

    Way(boolean direct) {
      this.direct = direct;
    }

    Mount mount(Path parent) throws IOException {
      return this == TMPFS ? Mount.tmpfs(parent, 4 << 20) : Mount.image(parent, "ext4", 12 << 20);
    }
  }

  @Test
  void refusesAnExistingFileAndLeavesItAlone() throws IOException {
    Path path = Files.writeString(folder.resolve("disk.img"), "precious");
    assertThatThrownBy(() -> Targets.open(path, TargetOptions.DEFAULT))
        .isInstanceOfSatisfying(
            TargetException.class, e -> assertThat(e.kind()).isEqualTo(TargetException.Kind.EXISTS))
        .hasMessageContaining(path.toString());
    assertThat(path).hasContent("precious");
  }

  @Test
  void refusesAFileThatAppearsBetweenOpenAndPrepare() throws IOException {
    Path path = folder.resolve("disk.img");
    try (Target target = Targets.open(path, TargetOptions.DEFAULT)) {
      Files.writeString(path, "precious");
      assertThatThrownBy(() -> target.prepare(512))
          .isInstanceOfSatisfying(
              TargetException.class,
              e -> assertThat(e.kind()).isEqualTo(TargetException.Kind.EXISTS));
    }
    assertThat(path).hasContent("precious");
  }

  @Test
  void changesNothingBeforeItIsPrepared() throws IOException {
    Path path = Files.writeString(folder.resolve("disk.img"), "precious");
    Targets.open(path, OVERWRITING).close();
    assertThat(path).hasContent("precious");
  }

  @Test
  void overwritesAllOfAnExistingFile() throws IOException {
    Path path = Files.write(folder.resolve("disk.img"), new byte[] {1, 2, 3, 4, 5});
    byte[] data = {9, 9};
    try (Target target = prepared(path, OVERWRITING, 512)) {
      target.write(0, ByteBuffer.wrap(data));
      target.finish();
    }
    assertThat(path).hasBinaryContent(Arrays.copyOf(data, 512));
  }

  @Test
  void leavesAnExistingFileWhenAbandoned() throws IOException {
    Path path = Files.writeString(folder.resolve("disk.img"), "old");
    try (Target target = prepared(path, OVERWRITING, 512)) {
      target.abandon();
    }
    assertThat(path).exists();
  }

  @Test
  void leavesAFileThatTookThePlaceOfOurs() throws IOException {
    Path path = folder.resolve("disk.img");
    try (Target target = prepared(path, TargetOptions.DEFAULT, 512)) {
      Files.move(path, folder.resolve("moved.img"));
      Files.writeString(path, "another's");
      target.abandon();
    }
    assertThat(path).hasContent("another's");
  }

  @Test
  void saysThatTheFolderIsMissing() {
    Path path = folder.resolve("no/such/disk.img");
    assertNotWritable(path, "does not exist");
  }

  @Test
  void refusesAFolder() {
    assertNotWritable(folder, "is a directory");
  }

  @Test
  void refusesWhatIsNeitherFileNorBlockDevice() {
    assumeTrue(Files.exists(Path.of("/dev/null")), "needs /dev/null");
    assertNotWritable(Path.of("/dev/null"), "neither a regular file nor a block device");
  }

  @Test
  void refusesAReadOnlyFileSystem() throws IOException {
    try (Mount tmpfs = Mount.tmpfs(folder, 4 << 20)) {
      Root.run("mount", "-o", "remount,ro", tmpfs.folder().toString());
      assertNotWritable(tmpfs.folder().resolve("disk.img"), "read-only file system");
    }
  }

  private void assertNotWritable(Path path, String why) {
    assertThatThrownBy(() -> Targets.open(path, OVERWRITING))
        .isInstanceOfSatisfying(
            TargetException.class,
            e -> assertThat(e.kind()).isEqualTo(TargetException.Kind.NOT_WRITABLE))
        .hasMessageContaining(path.toString())
        .hasMessageContaining(why);
  }

  @Test
  void saysTooSmallWhenTheFileSystemHasNoFilesThatLarge() throws IOException {
    try (Mount ext4 = Mount.image(folder, "ext4", 16 << 20)) {
      Path path = ext4.folder().resolve("disk.img");
      try (Target target = Targets.open(path, TargetOptions.DEFAULT)) {
        assertThatThrownBy(() -> target.prepare(64L << 40))
            .isInstanceOfSatisfying(
                TargetException.class,
                e -> assertThat(e.kind()).isEqualTo(TargetException.Kind.TOO_SMALL))
            .hasMessageContaining("file too large");
      }
      assertThat(path).doesNotExist();
    }
  }

  @Test
  void saysThatDirectNeedsLinux() {
    Path path = folder.resolve("disk.img");
    assertThatThrownBy(
            () -> FileTarget.open(path, new TargetOptions(Preallocation.OFF, true, false), false))
        .isInstanceOf(TargetException.class)
        .hasMessageContaining("needs Linux");
  }

  @Test
  void fallsBackToThePageCacheWhereThereIsNoDirectWay() throws IOException {
    try (Mount mount = Mount.ramfs(folder);
        Target target =
            prepared(
                mount.folder().resolve("disk.img"),
                new TargetOptions(Preallocation.OFF, true, false),
                512)) {
      target.zero(0, 512);
      target.finish();
      assertThat(target.report().direct()).isFalse();
    }
  }

  @Test
  void saysWhetherItBypassesThePageCache() throws IOException {
    try (Mount ext4 = Mount.image(folder, "ext4", 16 << 20);
        Target target =
            prepared(
                ext4.folder().resolve("disk.img"),
                new TargetOptions(Preallocation.OFF, true, false),
                512)) {
      assertThat(target.report().direct()).isTrue();
    }
  }
}
