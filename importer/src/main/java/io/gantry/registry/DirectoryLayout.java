package io.gantry.registry;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A layout that is a directory. */
record DirectoryLayout(Path directory) implements LayoutFiles {

  @Override
  public String name() {
    return directory.toString();
  }

  @Override
  public ReadableByteChannel open(String path) throws IOException {
    return FileChannel.open(directory.resolve(path), StandardOpenOption.READ);
  }

  @Override
  public void close() {
    // every channel is closed by whoever opened it
  }
}
