package io.gantry.format;

import io.gantry.image.Image;
import io.gantry.io.RandomAccessInput;
import java.io.IOException;

/**
 * Opens the files an image names. A name in an image is a stranger's text: what is opened, and
 * whether anything is, is decided here and nowhere else.
 */
public interface BackingOpener {

  /** Opens a backing file of a format that the image records; it may name another one itself. */
  Image openBacking(String name, Format format) throws IOException;

  /** Opens an external data file. */
  RandomAccessInput openDataFile(String name) throws IOException;
}
