package io.gantry.cli;

import com.google.gson.stream.JsonWriter;
import io.gantry.transfer.Receipt;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The receipt for programs; its keys are documented in {@code docs/cli.md} and only ever added. */
final class JsonReceipt {

  private JsonReceipt() {}

  static void print(Summary summary, PrintStream out) throws IOException {
    JsonOutput.print(out, json -> write(json, summary));
  }

  private static void write(JsonWriter json, Summary summary) throws IOException {
    Receipt receipt = summary.receipt();
    json.beginObject();
    json.name("gantry-version").value(Version.text());
    json.name("source").beginObject();
    json.name("name").value(receipt.sourceName());
    value(json.name("size"), receipt.sourceSize());
    value(json.name("digest"), receipt.sourceDigest());
    json.endObject();
    json.name("target").value(summary.targetName());
    json.name("format").value(receipt.format());
    json.name("compressions").beginArray();
    for (String compression : receipt.compressions()) {
      json.value(compression);
    }
    json.endArray();
    json.name("plan").value(receipt.plan());
    json.name("virtual-size").value(receipt.virtualSize());
    json.name("disk-size").value(receipt.diskSize());
    json.name("bytes-read").value(receipt.bytesRead());
    json.name("data-bytes").value(receipt.dataBytes());
    json.name("zero-bytes").value(receipt.zeroBytes());
    json.name("skipped-bytes").value(receipt.skippedBytes());
    json.name("scratch-bytes").value(receipt.scratchBytes());
    json.name("zero-method").value(receipt.target().zeroMethod());
    json.name("preallocation")
        .value(receipt.target().preallocation().name().toLowerCase(Locale.ROOT));
    json.name("direct").value(receipt.target().direct());
    value(json.name("content-digest"), receipt.contentDigest());
    json.name("stage-seconds").beginObject();
    for (Map.Entry<String, Double> stage : receipt.stageSeconds().entrySet()) {
      json.name(stage.getKey()).value(milliseconds(stage.getValue()));
    }
    json.endObject();
    json.name("elapsed-seconds").value(milliseconds(summary.elapsedSeconds()));
    value(json.name("peak-memory"), summary.peakMemory());
    json.endObject();
  }

  private static void value(JsonWriter json, OptionalLong value) throws IOException {
    if (value.isPresent()) {
      json.value(value.getAsLong());
    } else {
      json.nullValue();
    }
  }

  private static void value(JsonWriter json, Optional<String> value) throws IOException {
    json.value(value.orElse(null));
  }

  private static double milliseconds(double seconds) {
    return Math.round(seconds * 1000) / 1000.0;
  }
}
