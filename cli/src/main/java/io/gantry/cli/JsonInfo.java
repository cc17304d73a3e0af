package io.gantry.cli;

import com.google.gson.stream.JsonWriter;
import io.gantry.image.ImageInfo;
import io.gantry.image.SnapshotInfo;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** A description by the names of {@code qemu-img info --output=json}, QEMU 7.2. */
final class JsonInfo {

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private JsonInfo() {}

  static void print(Description description, PrintStream out) throws IOException {
    JsonOutput.print(out, json -> write(json, description));
  }

  private static void write(JsonWriter json, Description description) throws IOException {
    ImageInfo info = description.info();
    json.beginObject();
    if (!info.snapshots().isEmpty()) {
      json.name("snapshots").beginArray();
      for (SnapshotInfo snapshot : info.snapshots()) {
        write(json, snapshot);
      }
      json.endArray();
    }
    if (info.backingFormat().isPresent()) {
      json.name("backing-filename-format").value(info.backingFormat().get());
    }
    json.name("virtual-size").value(description.virtualSize());
    json.name("filename").value(description.filename());
    if (info.clusterSize() > 0) {
      json.name("cluster-size").value(info.clusterSize());
    }
    json.name("format").value(info.format());
    if (description.actualSize().isPresent()) {
      json.name("actual-size").value(description.actualSize().getAsLong());
    }
    if (info.encrypted()) {
      json.name("encrypted").value(true);
    }
    if (!info.details().isEmpty()) {
      json.name("format-specific").beginObject();
      json.name("type").value(info.format());
      value(json.name("data"), info.details());
      json.endObject();
    }
    if (info.backingFile().isPresent()) {
      json.name("full-backing-filename").value(description.fullBackingFilename().orElse(""));
      json.name("backing-filename").value(info.backingFile().get());
    }
    json.name("dirty-flag").value(info.dirty());
    json.endObject();
  }

  private static void write(JsonWriter json, SnapshotInfo snapshot) throws IOException {
    json.beginObject();
    if (snapshot.icount() >= 0) {
      json.name("icount").value(snapshot.icount());
    }
    json.name("vm-clock-nsec").value(snapshot.vmClockNanos() % NANOS_PER_SECOND);
    json.name("name").value(snapshot.name());
    json.name("date-sec").value(snapshot.dateSeconds());
    json.name("date-nsec").value(snapshot.dateNanos());
    json.name("vm-clock-sec").value(snapshot.vmClockNanos() / NANOS_PER_SECOND);
    json.name("id").value(snapshot.id());
    json.name("vm-state-size").value(snapshot.vmStateSize());
    json.endObject();
  }

  /** Without a switch over types, the first of which costs a JVM 17 ms. */
  private static void value(JsonWriter json, Object value) throws IOException {
    if (value instanceof Boolean flag) {
      json.value(flag);
    } else if (value instanceof Number number) {
      json.value(number);
    } else if (value instanceof Map<?, ?> fields) {
      json.beginObject();
      for (Map.Entry<?, ?> field : fields.entrySet()) {
        value(json.name(String.valueOf(field.getKey())), field.getValue());
      }
      json.endObject();
    } else if (value instanceof List<?> items) {
      json.beginArray();
      for (Object item : items) {
        value(json, item);
      }
      json.endArray();
    } else {
      json.value(value.toString());
    }
  }
}
