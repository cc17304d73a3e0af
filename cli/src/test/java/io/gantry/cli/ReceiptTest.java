package io.gantry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.gantry.target.Preallocation;
import io.gantry.target.TargetReport;
import io.gantry.transfer.Receipt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

final class ReceiptTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  private static Summary summary() {
    SequencedMap<String, Double> stages = new LinkedHashMap<>();
    stages.put("open", 0.01);
    stages.put("copy", 0.30049);
    Receipt receipt =
        new Receipt(
            "https://example.org/d.qcow2.xz.gz",
            OptionalLong.of(1000),
            Optional.of("md5:00"),
            List.of("gz", "xz"),
            "qcow2",
            "stream",
            700,
            1024,
            1000,
            512,
            256,
            256,
            4096,
            Optional.of("sha256:11"),
            new TargetReport("punch hole", Preallocation.FALLOC, true),
            stages);
    return new Summary(receipt, "/dev/vda", 0.4567, OptionalLong.of(64 << 20));
  }

  @Test
  void jsonHasEveryFieldInOrder() throws IOException {
    JsonReceipt.print(summary(), out);
    JsonObject json = Json.object(text());
    assertThat(json.keySet())
        .containsExactly(
            "gantry-version",
            "source",
            "target",
            "format",
            "compressions",
            "plan",
            "virtual-size",
            "disk-size",
            "bytes-read",
            "data-bytes",
            "zero-bytes",
            "skipped-bytes",
            "scratch-bytes",
            "zero-method",
            "preallocation",
            "direct",
            "content-digest",
            "stage-seconds",
            "elapsed-seconds",
            "peak-memory");
    assertThat(json.getAsJsonObject("source").toString())
        .isEqualTo(
            "{\"name\":\"https://example.org/d.qcow2.xz.gz\",\"size\":1000,\"digest\":\"md5:00\"}");
    assertThat(json.get("compressions").toString()).isEqualTo("[\"gz\",\"xz\"]");
    assertThat(json.get("preallocation").getAsString()).isEqualTo("falloc");
    assertThat(json.get("stage-seconds").toString()).isEqualTo("{\"open\":0.01,\"copy\":0.3}");
    assertThat(json.get("elapsed-seconds").getAsDouble()).isEqualTo(0.457);
  }

  @Test
  void peopleGetTwoLinesAndTheDigests() {
    HumanReceipt.print(summary(), out);
    assertThat(text().lines())
        .containsExactly(
            "https://example.org/d.qcow2.xz.gz: qcow2 in xz in gz, 0.98 KiB read (stream),"
                + " 4 KiB through scratch",
            "/dev/vda: 1 KiB disk, 512 B data, 512 B zero, preallocation falloc, direct, 0.46 s,"
                + " peak memory 64 MiB",
            "source digest: md5:00",
            "disk digest: sha256:11");
  }

  @Test
  void knowsThePeakMemoryOfThisProcess() {
    assertThat(PeakMemory.bytes().orElseThrow()).isGreaterThan(10 << 20);
  }

  private String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
