package io.gantry.poller;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Map;

/**
 * Sets annotations and leaves all others as they are, also those that somebody else sets at the
 * same time (JSON Patch, RFC 6902).
 *
 * <p>Where there are annotations, each one is set by itself. Where there are none, there is nothing
 * to set them in: the whole map is added, which would throw away what came in between, so the patch
 * holds for the version that was read and no other.
 */
final class AnnotationPatch {

  private static final String ANNOTATIONS = "/metadata/annotations";

  private AnnotationPatch() {}

  /** Returns the patch that sets {@code values} on {@code cron}, in their order. */
  static String setting(Map<String, String> values, DataImportCron cron) {
    JsonArray operations = new JsonArray();
    operations.add(operation("test", "/metadata/uid", new JsonPrimitive(cron.uid())));
    if (cron.annotations().isEmpty()) {
      JsonPrimitive version = new JsonPrimitive(cron.resourceVersion());
      operations.add(operation("test", "/metadata/resourceVersion", version));
      JsonObject all = new JsonObject();
      values.forEach(all::addProperty);
      operations.add(operation("add", ANNOTATIONS, all));
    } else {
      values.forEach(
          (key, value) ->
              operations.add(
                  operation("add", ANNOTATIONS + "/" + escaped(key), new JsonPrimitive(value))));
    }
    return operations.toString();
  }

  private static JsonObject operation(String name, String path, JsonElement value) {
    JsonObject operation = new JsonObject();
    operation.addProperty("op", name);
    operation.addProperty("path", path);
    operation.add("value", value);
    return operation;
  }

  /** RFC 6901 section 3: a slash in a key is no step in the path. */
  static String escaped(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }
}
