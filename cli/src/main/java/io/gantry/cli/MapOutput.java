package io.gantry.cli;

import java.io.Closeable;
import java.io.IOException;

/** Takes the entries of a map in guest order; closing ends the output. */
interface MapOutput extends Closeable {

  void entry(MapEntry entry) throws IOException;
}
