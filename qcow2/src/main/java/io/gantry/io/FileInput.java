package io.gantry.io;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A local file or block device, read at any position by many threads. */
public final class FileInput implements RandomAccessInput {

  private final Path path;
  private final FileChannel channel;
  private final long size;

  private FileInput(Path path, FileChannel channel, long size) {
    this.path = path;
    this.channel = channel;
    this.size = size;
  }

  /** Opens {@code path} for reading; its size is taken now. */
  public static FileInput open(Path path) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      return new FileInput(path, channel, channel.size());
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return path.toString();
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void readFully(long offset, ByteBuffer dst) throws IOException {
    long at = offset;
    while (dst.hasRemaining()) {
      int count = channel.read(dst, at);
      if (count < 0) {
        throw new EOFException(
            "%s ends at %d, wanted %d more bytes at %d".formatted(path, size, dst.remaining(), at));
      }
      at += count;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
