package io.gantry.cli;

import com.google.gson.stream.JsonWriter;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/** A map as one JSON array, an object a line, as it goes: maps can be longer than memory. */
final class JsonMap implements MapOutput {

  private final Writer out;
  private boolean empty = true;

  JsonMap(PrintStream out) {
    this.out = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
  }

  @Override
  public void entry(MapEntry entry) throws IOException {
    StringWriter line = new StringWriter();
    try (JsonWriter json = new JsonWriter(line)) {
      write(json, entry);
    }
    out.append(empty ? "[" : ",\n").append(line.getBuffer());
    empty = false;
  }

  @Override
  public void close() throws IOException {
    out.append(empty ? "[]\n" : "]\n").flush();
  }

  private static void write(JsonWriter json, MapEntry entry) throws IOException {
    json.beginObject();
    json.name("start").value(entry.start());
    json.name("length").value(entry.length());
    json.name("depth").value(entry.depth());
    json.name("present").value(entry.present());
    json.name("zero").value(entry.zero());
    json.name("data").value(entry.data());
    json.name("compressed").value(entry.compressed());
    if (entry.offset() >= 0) {
      json.name("offset").value(entry.offset());
    }
    json.endObject();
  }
}
