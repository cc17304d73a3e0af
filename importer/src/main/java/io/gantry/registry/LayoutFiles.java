package io.gantry.registry;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;

/** The files of an OCI layout (OCI image-spec, image-layout.md), wherever they lie. */
interface LayoutFiles extends Closeable {

  /** Returns the name for people. */
  String name();

  /**
   * Opens a file for reading in order.
   *
   * @param path with slashes, such as {@code blobs/sha256/2c26b4…}
   * @throws java.nio.file.NoSuchFileException when there is none
   */
  ReadableByteChannel open(String path) throws IOException;
}
