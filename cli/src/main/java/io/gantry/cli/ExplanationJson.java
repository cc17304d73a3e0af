package io.gantry.cli;

import com.google.gson.stream.JsonWriter;
import io.gantry.transfer.Preflight;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/** An explanation for programs; what is not known is null. */
final class ExplanationJson {

  private ExplanationJson() {}

  static void write(JsonWriter json, Explanation explanation) throws IOException {
    Preflight image = explanation.image();
    json.beginObject();
    json.name("source").value(explanation.source());
    number(json.name("length"), explanation.length());
    json.name("ranges").value(explanation.ranges());
    json.name("identity").value(explanation.identity().orElse(null));
    texts(json.name("details"), explanation.details());
    json.name("credentials").value(explanation.credentials().orElse(null));
    json.name("format").value(image.format());
    texts(json.name("compressions"), image.compressions());
    number(json.name("virtual-size"), image.virtualSize());
    alignment(json.name("alignment"), explanation);
    json.name("plan").value(image.plan());
    json.name("scratch-needed").value(image.scratchReason().isPresent());
    json.name("scratch-reason").value(image.scratchReason().orElse(null));
    json.name("overhead").value(explanation.overhead());
    number(json.name("volume-size"), explanation.volumeSize());
    if (explanation.target().isPresent()) {
      TargetView target = explanation.target().get();
      json.name("target").beginObject();
      json.name("path").value(target.path());
      json.name("kind").value(target.kind());
      json.name("capacity").value(target.capacity());
      json.name("fits").value(explanation.fits().orElse(null));
      json.name("logical-sector-size");
      number(json, target.sector().stream().asLongStream().findFirst());
      json.name("aligned").value(explanation.aligned().orElse(null));
      json.endObject();
    }
    json.endObject();
  }

  private static void alignment(JsonWriter json, Explanation explanation) throws IOException {
    if (explanation.alignment().isEmpty()) {
      json.nullValue();
      return;
    }
    DiskAlignment disk = explanation.alignment().get();
    json.beginObject();
    json.name("disk-size").value(disk.diskSize());
    json.name("multiple-of-512").value(disk.endsWith(DiskAlignment.SECTOR));
    json.name("multiple-of-4096").value(disk.endsWith(DiskAlignment.LARGE_SECTOR));
    json.name("multiple-of-1048576").value(disk.endsWith(DiskAlignment.MIB));
    json.endObject();
  }

  private static void number(JsonWriter json, OptionalLong number) throws IOException {
    if (number.isPresent()) {
      json.value(number.getAsLong());
    } else {
      json.nullValue();
    }
  }

  private static void texts(JsonWriter json, List<String> texts) throws IOException {
    json.beginArray();
    for (String text : texts) {
      json.value(text);
    }
    json.endArray();
  }
}
