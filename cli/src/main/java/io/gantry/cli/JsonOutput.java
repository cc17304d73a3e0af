package io.gantry.cli;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** One JSON document on standard output, indented as qemu-img does. */
final class JsonOutput {

  private JsonOutput() {}

  /** Writes a document. */
  interface Document {
    void write(JsonWriter json) throws IOException;
  }

  static void print(PrintStream out, Document document) throws IOException {
    OutputStreamWriter text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    // Not closed: standard output is not ours. A reader who has gone away is no failure.
    JsonWriter json = new JsonWriter(text);
    json.setIndent("    ");
    json.setHtmlSafe(false);
    document.write(json);
    text.write('\n');
    text.flush();
  }
}
