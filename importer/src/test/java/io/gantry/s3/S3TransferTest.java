package io.gantry.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.source.Source;
import io.gantry.target.Target;
import io.gantry.target.TargetOptions;
import io.gantry.target.Targets;
import io.gantry.testkit.FaultyLink;
import io.gantry.testkit.Qcow2Builder;
import io.gantry.testkit.SourceContract;
import io.gantry.transfer.Progress;
import io.gantry.transfer.Receipt;
import io.gantry.transfer.Transfer;
import io.gantry.transfer.TransferOptions;
import io.gantry.transfer.TransferResult;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Images in a store, from there to a disk file. */
@Timeout(60)
final class S3TransferTest {

  private static final int CLUSTER = 64 << 10;
  private static final int DISK_LENGTH = 8 << 20;

  @TempDir Path folder;
  private static Store store;

  @BeforeAll
  static void start() throws Exception {
    store = Store.start();
  }

  @AfterAll
  static void stop() throws Exception {
    store.close();
  }

  @Test
  void readsQcow2ByRanges() throws Exception {
    byte[] disk = disk();
    store.put("disk.qcow2", qcow2(disk));
    Receipt receipt = convert(store.url("disk.qcow2"), disk);
    assertThat(receipt.plan()).isEqualTo("ranges");
    assertThat(receipt.format()).isEqualTo("qcow2");
  }

  @Test
  void readsRawByRanges() throws Exception {
    byte[] disk = disk();
    store.put("disk.raw", disk);
    assertThat(convert(store.url("disk.raw"), disk).plan()).isEqualTo("ranges");
  }

  @Test
  void readsCompressedQcow2AsAStream() throws Exception {
    byte[] disk = disk();
    ByteArrayOutputStream wrapped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(wrapped)) {
      gzip.write(qcow2(disk));
    }
    store.put("disk.qcow2.gz", wrapped.toByteArray());
    Receipt receipt = convert(store.url("disk.qcow2.gz"), disk);
    assertThat(receipt.plan()).isEqualTo("stream");
    assertThat(receipt.compressions()).containsExactly("gz");
  }

  @Test
  void readsQcow2OverConnectionsThatAreCut() throws Exception {
    byte[] disk = disk();
    store.put("cut.qcow2", qcow2(disk));
    try (FaultyLink link = FaultyLink.to(store.port()).cutEvery(700_000, true)) {
      convert("http://127.0.0.1:%d/%s/cut.qcow2".formatted(link.port(), Store.BUCKET), disk);
      assertThat(link.connections()).isGreaterThan(4);
    }
  }

  private Receipt convert(String url, byte[] expected) throws Exception {
    Path file = folder.resolve("disk.img");
    try (Source source = Store.reading(url).connect();
        Target target = Targets.open(file, TargetOptions.DEFAULT)) {
      TransferResult result = Transfer.run(source, target, TransferOptions.DEFAULT, new Progress());
      assertThat(result).isInstanceOf(TransferResult.Done.class);
      assertThat(Files.readAllBytes(file)).isEqualTo(expected);
      return ((TransferResult.Done) result).receipt();
    }
  }

  /** Half of it is data, some of that far behind the first bytes that a source keeps. */
  private static byte[] disk() {
    byte[] disk = new byte[DISK_LENGTH];
    byte[] content = SourceContract.bytes(DISK_LENGTH);
    for (int at = 0; at < DISK_LENGTH; at += 4 * CLUSTER) {
      System.arraycopy(content, at, disk, at, 2 * CLUSTER);
    }
    return disk;
  }

  private static byte[] qcow2(byte[] disk) {
    Qcow2Builder builder = new Qcow2Builder(16).size(disk.length).l1().l2(0);
    for (int cluster = 0; cluster < disk.length / CLUSTER; cluster++) {
      byte[] content = Arrays.copyOfRange(disk, cluster * CLUSTER, (cluster + 1) * CLUSTER);
      if (content[0] != 0 || content[1] != 0) {
        builder.data(cluster, content);
      }
    }
    return builder.build();
  }
}
