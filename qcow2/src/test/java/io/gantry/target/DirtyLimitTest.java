package io.gantry.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirtyLimitTest {

  private static final long MIB = 1 << 20;

  @TempDir Path root;

  private void write(String path, String... lines) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, java.util.List.of(lines));
  }

  private void available(long mib) throws IOException {
    write(
        "proc/meminfo",
        "MemTotal:       24684084 kB",
        "MemAvailable:   %8d kB".formatted(mib * 1024),
        "Dirty:                 8 kB");
  }

  private long limit() {
    return DirtyLimit.of(root).bytes();
  }

  @Test
  void isAnEighthOfTheAvailableMemory() throws IOException {
    available(1600);
    assertThat(limit()).isEqualTo(200 * MIB);
  }

  @Test
  void isAnEighthOfTheGroupsLimitInVersion1() throws IOException {
    available(16_000);
    write("proc/self/cgroup", "5:devices:/", "4:cpu,memory:/pod/box", "0::/");
    write("sys/fs/cgroup/memory/pod/box/memory.limit_in_bytes", "" + 192 * MIB);
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712");
    assertThat(limit()).isEqualTo(24 * MIB);
  }

  @Test
  void isAnEighthOfTheGroupsLimitInVersion2() throws IOException {
    available(16_000);
    write("proc/self/cgroup", "0::/pod/box");
    write("sys/fs/cgroup/pod/box/memory.max", "" + 600 * MIB);
    write("sys/fs/cgroup/pod/memory.max", "max");
    assertThat(limit()).isEqualTo(75 * MIB);
  }

  @Test
  void heedsTheGroupsAbove() throws IOException {
    available(16_000);
    write("proc/self/cgroup", "0::/pod/box");
    write("sys/fs/cgroup/pod/box/memory.max", "max");
    write("sys/fs/cgroup/pod/memory.max", "" + 400 * MIB);
    assertThat(limit()).isEqualTo(50 * MIB);
  }

  @Test
  void findsTheLimitWhenOnlyTheContainersOwnGroupIsMounted() throws IOException {
    available(16_000);
    write("proc/self/cgroup", "4:memory:/kubepods/burstable/pod1/box1");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "" + 600 * MIB);
    assertThat(limit()).isEqualTo(75 * MIB);
  }

  @Test
  void isNeverLessThanAWriterNeeds() throws IOException {
    available(1);
    assertThat(limit()).isEqualTo(8 * MIB);
  }

  @Test
  void takesWhatItCannotReadForLittleMemory() {
    assertThat(limit()).isEqualTo(8 * MIB);
  }
}
