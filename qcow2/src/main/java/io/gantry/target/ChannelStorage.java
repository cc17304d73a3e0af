package io.gantry.target;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * A file through plain java.nio. On every system, and on Linux too: linking the first native call
 * takes 60 ms, a sixth of what copying a gigabyte takes.
 */
record ChannelStorage(Path path, FileChannel channel) implements Storage {

  @Override
  public void write(long offset, ByteBuffer src) throws IOException {
    long at = offset;
    while (src.hasRemaining()) {
      at += channel.write(src, at);
    }
  }

  @Override
  public void readFully(long offset, ByteBuffer dst) throws IOException {
    long at = offset;
    while (dst.hasRemaining()) {
      int count = channel.read(dst, at);
      if (count < 0) {
        throw new EOFException(
            "%s ends at %d, wanted %d more bytes".formatted(path, at, dst.remaining()));
      }
      at += count;
    }
  }

  @Override
  public void datasync() throws IOException {
    channel.force(false);
  }

  @Override
  public void sync() throws IOException {
    channel.force(true);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
