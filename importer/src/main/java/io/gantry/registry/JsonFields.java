package io.gantry.registry;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import io.gantry.image.MalformedImageException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object from a stranger: each is of the type asked for, absent, or an error
 * that names it.
 *
 * <p>Documents are read into a tree. What bounds its memory is the length of the document, which
 * whoever fetched it has bounded.
 */
final class JsonFields {

  private static final Gson GSON = new Gson();

  private final JsonObject object;
  private final String what;

  private JsonFields(JsonObject object, String what) {
    this.object = object;
    this.what = what;
  }

  /**
   * Parses a document that must be an object.
   *
   * @param what it is, for messages
   */
  static JsonFields parse(byte[] document, String what) throws MalformedImageException {
    String text = new String(document, StandardCharsets.UTF_8);
    JsonReader reader = new JsonReader(new StringReader(text));
    reader.setStrictness(Strictness.STRICT);
    try {
      // Not JsonParser: javac warns of what annotates it, which is on nobody's class path.
      JsonElement element = GSON.fromJson(reader, JsonElement.class);
      if (element != null && element.isJsonObject()) {
        return new JsonFields(element.getAsJsonObject(), what);
      }
      throw new MalformedImageException(what + " is no JSON object");
    } catch (JsonParseException e) {
      throw new MalformedImageException(what + " is no JSON", e);
    }
  }

  boolean has(String name) {
    JsonElement element = object.get(name);
    return element != null && !element.isJsonNull();
  }

  Optional<String> text(String name) throws MalformedImageException {
    if (!has(name)) {
      return Optional.empty();
    }
    return Optional.of(text(object.get(name), name));
  }

  String requiredText(String name) throws MalformedImageException {
    return text(name).orElseThrow(() -> missing(name));
  }

  OptionalLong number(String name) throws MalformedImageException {
    if (!has(name)) {
      return OptionalLong.empty();
    }
    try {
      BigDecimal number = object.get(name).getAsBigDecimal();
      return OptionalLong.of(number.longValueExact());
    } catch (ArithmeticException
        | NumberFormatException
        | UnsupportedOperationException
        | IllegalStateException e) {
      throw wrong(name, "a whole number", e);
    }
  }

  Optional<JsonFields> object(String name) throws MalformedImageException {
    if (!has(name)) {
      return Optional.empty();
    }
    return Optional.of(asObject(object.get(name), name));
  }

  /** Returns a list of objects; an absent one is empty. */
  List<JsonFields> objects(String name) throws MalformedImageException {
    List<JsonFields> objects = new ArrayList<>();
    for (JsonElement element : array(name)) {
      objects.add(asObject(element, name));
    }
    return objects;
  }

  /** Returns a list of strings; an absent one is empty. */
  List<String> texts(String name) throws MalformedImageException {
    List<String> texts = new ArrayList<>();
    for (JsonElement element : array(name)) {
      texts.add(text(element, name));
    }
    return texts;
  }

  /**
   * Returns an object whose values are all strings; an absent one is empty, and so is a value of
   * null, as in whatever is written in Go.
   */
  Map<String, String> textMap(String name) throws MalformedImageException {
    Map<String, String> texts = new LinkedHashMap<>();
    Optional<JsonFields> map = object(name);
    if (map.isPresent()) {
      for (String key : map.get().names()) {
        texts.put(key, map.get().text(key).orElse(""));
      }
    }
    return texts;
  }

  /** Returns the names of all fields. */
  List<String> names() {
    return List.copyOf(object.keySet());
  }

  MalformedImageException missing(String name) {
    return new MalformedImageException("%s has no \"%s\"".formatted(what, name));
  }

  private JsonArray array(String name) throws MalformedImageException {
    if (!has(name)) {
      return new JsonArray();
    }
    try {
      return object.get(name).getAsJsonArray();
    } catch (IllegalStateException e) {
      throw wrong(name, "a list", e);
    }
  }

  private JsonFields asObject(JsonElement element, String name) throws MalformedImageException {
    if (!element.isJsonObject()) {
      throw wrong(name, "an object", null);
    }
    return new JsonFields(element.getAsJsonObject(), "\"" + name + "\" of " + what);
  }

  private String text(JsonElement element, String name) throws MalformedImageException {
    if (!element.isJsonPrimitive() || !element.getAsJsonPrimitive().isString()) {
      throw wrong(name, "a string", null);
    }
    return element.getAsString();
  }

  private MalformedImageException wrong(String name, String type, @Nullable Exception cause) {
    MalformedImageException wrong =
        new MalformedImageException("\"%s\" of %s is not %s".formatted(name, what, type));
    if (cause != null) {
      wrong.initCause(cause);
    }
    return wrong;
  }
}
