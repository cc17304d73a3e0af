package io.gantry.cli;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;

/** JSON that the command printed, read again. */
final class Json {

  private Json() {}

  static JsonObject object(String text) throws IOException {
    return new Gson().getAdapter(JsonObject.class).fromJson(text);
  }

  static JsonArray array(String text) throws IOException {
    return new Gson().getAdapter(JsonArray.class).fromJson(text);
  }
}
