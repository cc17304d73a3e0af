package io.gantry.importer;

import io.gantry.source.Source;
import java.io.Closeable;
import java.io.IOException;
import java.util.Map;

/**
 * Where the image comes from, opened.
 *
 * @param source its bytes
 * @param labels what the image says of itself, for the volume claim
 */
record ImportSource(Source source, Map<String, String> labels) implements Closeable {

  static ImportSource of(Source source) {
    return new ImportSource(source, Map.of());
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
