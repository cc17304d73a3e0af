package io.gantry.gcs;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** One JSON object of texts and numbers, as keys and tokens come; what is nested is passed over. */
record FlatJson(Map<String, String> values) {

  /**
   * Parses an object.
   *
   * @throws IOException when it is none; the message quotes nothing of it but names
   */
  static FlatJson parse(String text) throws IOException {
    Map<String, String> values = new HashMap<>();
    try (JsonReader json = new JsonReader(new StringReader(text))) {
      json.beginObject();
      while (json.hasNext()) {
        String name = json.nextName();
        JsonToken next = json.peek();
        if (next == JsonToken.STRING || next == JsonToken.NUMBER) {
          values.put(name, json.nextString());
        } else {
          json.skipValue();
        }
      }
      json.endObject();
    } catch (IllegalStateException e) {
      throw new IOException(e.getMessage(), e);
    }
    return new FlatJson(values);
  }

  Optional<String> get(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** What to put into an object. */
  interface Content {
    void writeTo(JsonWriter json) throws IOException;
  }

  /** Returns an object as text. */
  static String write(Content content) {
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      json.beginObject();
      content.writeTo(json);
      json.endObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
