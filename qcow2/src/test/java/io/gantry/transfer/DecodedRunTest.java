package io.gantry.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.gantry.image.ClusterCompression;
import io.gantry.image.Limits;
import io.gantry.image.MalformedImageException;
import io.gantry.testkit.InMemoryTarget;
import io.gantry.transfer.DecodedRun.Part;
import io.gantry.transfer.WorkerTools.ClusterName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DecodedRunTest {

  private static final int CLUSTER = 64 << 10;
  private static final int CLUSTERS = 20;

  private final InMemoryTarget target = InMemoryTarget.garbage(CLUSTERS * CLUSTER);
  private final WorkerTools tools = new WorkerTools(Limits.DEFAULT);
  private final DecodedRun run =
      new DecodedRun(new SparseWriter(target, new Progress(), _ -> {}), tools);
  private final byte[] expected = target.bytes().clone();

  @BeforeEach
  void prepare() throws IOException {
    target.prepare(CLUSTERS * CLUSTER);
  }

  @AfterEach
  void close() {
    tools.close();
  }

  @Test
  void writesNeighboursAndStrangersWhereTheyBelong() throws IOException {
    for (int cluster : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 12, 15, 16}) {
      add(cluster);
    }
    run.flush();

    assertThat(target.bytes()).isEqualTo(expected);
  }

  @Test
  void writesPartsOfClusters() throws IOException {
    add(1);
    add(2, 0, 1000);
    add(3, 512, 4096);
    add(4, 0, CLUSTER);
    add(5, CLUSTER - 512, 512);
    run.flush();

    assertThat(target.bytes()).isEqualTo(expected);
  }

  @Test
  void writesNothingBeforeItIsToldTo() throws IOException {
    byte[] before = target.bytes().clone();
    add(0);
    assertThat(target.bytes()).isEqualTo(before);

    run.flush();
    run.flush();

    assertThat(target.bytes()).isEqualTo(expected);
  }

  @Test
  void saysWhichClusterIsDamaged() throws IOException {
    add(0);
    byte[] damaged = {1, 2, 3, 4, 5};

    assertThatThrownBy(
            () ->
                run.add(
                    new Part(CLUSTER, CLUSTER, 0, CLUSTER),
                    ClusterCompression.ZSTD,
                    ByteBuffer.wrap(damaged),
                    new ClusterName("disk.qcow2", CLUSTER, 4711)))
        .isInstanceOf(MalformedImageException.class)
        .hasMessageContaining("disk.qcow2: the compressed cluster at guest offset 65536")
        .hasMessageContaining("host offset 4711");
  }

  private void add(int cluster) throws IOException {
    add(cluster, 0, CLUSTER);
  }

  /** A cluster that holds its number; the guest's part of it goes to where the cluster would be. */
  private void add(int cluster, int skip, int length) throws IOException {
    byte[] content = new byte[CLUSTER];
    Arrays.fill(content, (byte) (cluster + 1));
    content[skip] = 99;
    int at = cluster * CLUSTER;
    System.arraycopy(content, skip, expected, at, length);
    run.add(
        new Part(at, CLUSTER, skip, length),
        ClusterCompression.ZSTD,
        ByteBuffer.wrap(Zstd.compress(content)),
        new ClusterName("disk.qcow2", at, 0));
  }
}
