package io.gantry.importer;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.gantry.http.HttpSource;
import io.gantry.http.HttpSourceOptions;
import io.gantry.runtime.WorkerLog;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the container image says that serves the disk on this node. */
final class NodeImage {

  /** An environment of a process is no larger (execve(2)). */
  private static final int INFO_MAX = 6 << 20;

  private NodeImage() {}

  /**
   * Asks {@code /info} on the server of {@code image} for the environment of its container. Asked
   * before the disk is read, because the server may be gone afterwards; without an answer the
   * labels are lost, and nothing else.
   */
  static Map<String, String> labels(URI image, HttpSourceOptions options, WorkerLog log) {
    try (HttpSource info = HttpSource.connect(image.resolve("/info"), options);
        InputStream body = Channels.newInputStream(info.open())) {
      String json = new String(body.readNBytes(INFO_MAX), StandardCharsets.UTF_8);
      List<String> environment = new ArrayList<>();
      for (JsonElement entry :
          JsonParser.parseString(json).getAsJsonObject().getAsJsonArray("env")) {
        environment.add(entry.getAsString());
      }
      return ImageLabels.of(environment);
    } catch (IOException | JsonParseException | IllegalStateException | NullPointerException e) {
      log.warning("no labels from the image server: " + e.getMessage());
      return Map.of();
    }
  }
}
