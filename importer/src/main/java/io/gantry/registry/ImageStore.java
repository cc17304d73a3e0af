package io.gantry.registry;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.List;

/** Where the documents and layers of one image are: a registry, or a layout on disk. */
interface ImageStore extends Closeable {

  /** Returns what the reference names. Where it is a digest, that is verified. */
  Manifest root() throws IOException;

  /** Returns what is worth telling of where it is, a line each, for people. */
  default List<String> details() {
    return List.of();
  }

  /** Returns the manifest that an index names, verified. */
  Manifest manifest(Descriptor descriptor) throws IOException;

  /**
   * Opens a blob from its first byte on, verified by nobody yet. Closing the channel, which may
   * happen from any thread, breaks off a read.
   */
  ReadableByteChannel blob(Descriptor descriptor) throws IOException;
}
